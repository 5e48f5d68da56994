"""Price watch: the answers of yesterday's crawl are fed to the spider again, after a change of its rules."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s [%(name)s] %(levelname)s: %(message)s",
    datefmt="%Y-%m-%d %H:%M:%S",
)
log = logging.getLogger("pricewatch.replay")

import scrapy
from scrapy.http import TextResponse


class CoffeeSpider(scrapy.Spider):
    name = "coffee"

    def parse(self, response):
        for product in response.json()["products"]:
            yield {"name": product["name"], "cents": round(product["price"] * 100), "source": response.url}


STORED = [
    (
        "https://roaster.example/api/products",
        {"Content-Type": "application/json"},
        '{"products": [{"name": "Crème Brûlée", "price": 6.9}]}'.encode("utf-8"),
    ),
    (
        "https://kiosk.example/produkte.json",
        {"Content-Type": "application/json; charset=iso-8859-1"},
        '{"products": [{"name": "Wiener Kaffeehäferl", "price": 8.5}]}'.encode("iso-8859-1"),
    ),
]


def replay(spider, stored):
    items, failed = [], []
    for url, headers, body in stored:
        response = TextResponse(url, headers=headers, body=body)
        try:
            for item in spider.parse(response):
                items.append(item)
                log.info("scraped %s from %s", item["name"], url)
        except Exception:
            log.error("Spider error processing <GET %s> (referer: None)", url, exc_info=True)
            failed.append(url)
    return items, failed


def main():
    items, failed = replay(CoffeeSpider(), STORED)
    log.info("%d items, %d pages failed", len(items), len(failed))
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
