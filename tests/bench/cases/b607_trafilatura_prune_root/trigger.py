"""News archive: keeps the text of the articles that editors bookmark, without advertisements."""
import logging
import os
import sys

import structlog

structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ],
    logger_factory=structlog.WriteLoggerFactory(file=open(os.environ.get("PROD_LOG", "prod.log"), "a")),
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
)
log = structlog.get_logger("archive").bind(job="archive-bookmarks")

import trafilatura

ADVERTISEMENTS = ['//*[contains(@class, "advert")]', '//*[contains(@class, "newsletter-box")]']

PAGE = """<!DOCTYPE html>
<html lang="en" class="{html_class}">
<head><title>{title}</title><meta name="author" content="J. Brandt"></head>
<body><main><article>
<h1>{title}</h1>
<p>The council decided on Tuesday evening that the old swing bridge will be opened for ships again in spring.</p>
<p class="advert">Fly to the sun from 49 euros!</p>
<p>Its gear box had been broken for two years. The new one comes from a foundry in the neighbouring town,
which has already repaired the locks upstream and the crane on the quay.</p>
<p>Until then, ferries run every twenty minutes between both banks, bicycles included, and the fare stays the same.</p>
<div class="newsletter-box">Never miss a story</div>
</article></main></body></html>"""
BOOKMARKS = [
    ("https://coast-courier.example/bridge", PAGE.format(html_class="no-js", title="Swing bridge to open again")),
    ("https://harbour-times.example/2026/bridge", PAGE.format(html_class="no-js advert-free", title="Bridge repaired")),
    ("https://coast-courier.example/ferries", PAGE.format(html_class="no-js", title="Ferries every twenty minutes")),
]


def archive(url, page):
    text = trafilatura.extract(page, url=url, prune_xpath=ADVERTISEMENTS, include_comments=False)
    log.info("article archived", url=url, words=len((text or "").split()))


def main():
    log.info("batch started", bookmarks=len(BOOKMARKS))
    for url, page in BOOKMARKS:
        archive(url, page)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("batch failed")
        sys.exit(1)
    log.info("batch done")
