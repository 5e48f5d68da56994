"""Configuration service: checks uploaded files and answers what is wrong with them."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("config.check")

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

UPLOADS = {
    "web.yaml": "workers: 4\nbind: 0.0.0.0:8000\n",
    "broken.yaml": "workers: [4\n",
    "mail.yaml": "host: mail.example.org\nfooter: sent\x0bby robot\n",
}


def verdict(text):
    try:
        settings = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        return f"rejected: {str(error).splitlines()[0]}"
    return f"accepted, {len(settings)} keys"


def main():
    for name, text in UPLOADS.items():
        log.info("%s %s", name, verdict(text))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("check failed")
        sys.exit(1)
    log.info("all checked")
