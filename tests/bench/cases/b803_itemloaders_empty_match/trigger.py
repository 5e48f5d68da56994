"""Hourly crawl of the partner's pages."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s [%(levelname)s] %(name)s: %(message)s",
)
log = logging.getLogger("rentals.crawl")

from rentals.parse import parse

PAGES = {
    "/flat/311": """<html><body><h1>Deichblick</h1><p class="price">€ 95</p>
        <ul class="features"><li>balcony</li><li> wifi</li></ul>
        <div class="host"><span class="name">H. Thomsen</span> <a href="tel:+4948419">04841 9</a></div></body></html>""",
    "/flat/312": """<html><body><h1>Reetdachhaus am Siel</h1><p class="price">€ 1.140</p>
        <ul class="features"><li>sauna</li><li>dogs welcome</li></ul>
        <p class="agency">Offered by the tourist office</p></body></html>""",
    "/flat/313": """<html><body><h1>Kapitänszimmer</h1><p class="price">€ 61</p>
        <div class="host"><span class="name">Familie Ketels</span></div></body></html>""",
}


def main():
    failed = []
    for path, page in PAGES.items():
        try:
            flat = parse(page)
        except Exception:
            log.exception("page %s skipped", path)
            failed.append(path)
            continue
        log.info("%s: %s, %d €, host %s", path, flat["title"], flat["price"], flat.get("host", "unknown"))
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
