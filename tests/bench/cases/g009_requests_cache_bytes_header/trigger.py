"""Job that refreshes the price list of a shop."""
import base64
import hashlib
import hmac
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("shop.prices")

from prices import Prices


def sign(sku):
    return base64.b64encode(hmac.new(b"shared", sku.encode(), hashlib.sha256).digest())


def main():
    prices = Prices("prices.sqlite")
    for sku, signature in (("A1", None), ("A1", None), ("S7", sign("S7"))):
        cents, cached = prices.price(sku, signature)
        log.info("%s: %d cents%s", sku, cents, " (cached)" if cached else "")


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("price list not refreshed")
        sys.exit(1)
    log.info("price list refreshed")
