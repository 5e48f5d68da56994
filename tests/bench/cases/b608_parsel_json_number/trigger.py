"""Price watch: reads the prices out of the answers of shops' search interfaces. Logs JSON lines.

What goes to standard error ends in the same file, as in a container.
"""
import json
import logging
import os
import sys


class JsonFormatter(logging.Formatter):
    def format(self, record):
        entry = {
            "ts": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "msg": record.getMessage(),
        }
        if record.exc_info:
            entry["exc_info"] = self.formatException(record.exc_info)
        return json.dumps(entry)


handler = logging.FileHandler(os.environ.get("PROD_LOG", "prod.log"))
handler.setFormatter(JsonFormatter())
logging.getLogger().addHandler(handler)
logging.getLogger().setLevel(logging.INFO)
log = logging.getLogger("pricewatch")

from parsel import Selector

ANSWERS = [
    ("tea-house", '{"hits": [{"sku": "T-100", "offer": {"price": "4.95", "currency": "EUR"}}]}'),
    ("samovar24", '{"hits": [{"sku": "9917", "offer": {"price": 5.2, "currency": "EUR"}}]}'),
    ("tea-house", '{"hits": []}'),
]


def read_prices(shop, answer):
    prices = []
    for offer in Selector(text=answer, type="json").jmespath("hits[].offer"):
        price = offer.jmespath("price")
        log.info(f"shop={shop} found {price}")
        prices.append(float(price.get()))
    return prices


def main():
    for shop, answer in ANSWERS:
        try:
            prices = read_prices(shop, answer)
        except Exception:
            log.exception("shop=%s not read, the job ends", shop)
            raise
        log.info("shop=%s offers=%d cheapest=%s", shop, len(prices), min(prices, default=None))


if __name__ == "__main__":
    sys.stderr = handler.stream
    main()
