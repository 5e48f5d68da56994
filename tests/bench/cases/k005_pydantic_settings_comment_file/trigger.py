"""Newsletter of two customers: one has settings of his own, the other was given the file with all lines commented."""
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s newsletter/%(name)s: %(message)s",
)
log = logging.getLogger("start")

from newsletter_settings import NewsletterSettings

DEFAULTS = "sender: news@example.com\nbatch: 100\nrelay:\n  host: relay.internal\n  port: 587\n"
LOCAL = {
    "bakery": "sender: rolls@bakery.example\n",
    "library": "# sender: you@example.com\n# batch: 20\n# relay:\n#   host: smtp.example.com\n",
}


def install(customer):
    """What the installer leaves in the customer's folder."""
    folder = Path(customer) / "etc"
    folder.mkdir(parents=True)
    (folder / "defaults.yaml").write_text(DEFAULTS, encoding="utf-8")
    (folder / "local.yaml").write_text(LOCAL[customer], encoding="utf-8")
    return folder.parent


def start(customer):
    home = Path.cwd()
    os.chdir(install(customer))
    try:
        settings = NewsletterSettings()
    finally:
        os.chdir(home)
    relay = settings.relay
    log.info("%s: from %s by %s:%d, %d a batch", customer, settings.sender, relay.host, relay.port, settings.batch)
    return settings


def main():
    return [start(customer) for customer in LOCAL]


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("newsletter not started")
        sys.exit(1)
