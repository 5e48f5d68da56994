"""What three customers type into the form of their shop's settings."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname).1s %(name)s %(message)s",
)
log = logging.getLogger("shop")

from hooks.settings import save

FORMS = [
    (2117, "hooks.shop.example/orders"),
    (2240, "ftp://files.shop.example/in "),
    (2251, "https://.shop.example/api/orders"),
]


def main():
    for customer, url in FORMS:
        save(customer, url)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("form not saved")
        sys.exit(1)
    log.info("%d forms done", len(FORMS))
