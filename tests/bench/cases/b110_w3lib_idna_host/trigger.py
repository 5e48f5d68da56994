"""Crawler: makes the links of old pages, which are in many encodings, safe to request."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s [%(name)s] %(levelname)s: %(message)s",
)
log = logging.getLogger("crawler.links")

from w3lib.url import safe_url_string

LINKS = [
    ("http://example.de/größe?x=1", "utf-8"),
    ("http://münchen.example/straße", "latin-1"),
    ("http://..münchen.example/straße?q=ä", "latin-1"),
    ("http://example.com/a b", "cp1252"),
]


def queue(links):
    return [safe_url_string(url, encoding) for url, encoding in links]


def main():
    log.info("%d links found", len(LINKS))
    for url in queue(LINKS):
        log.info("queued %s", ascii(url))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("page not processed")
        sys.exit(1)
    log.info("page processed")
