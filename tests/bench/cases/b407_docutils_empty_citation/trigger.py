"""Nightly build of a package: makes its manual pages."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s: %(message)s (%(name)s)",
)
log = logging.getLogger("build.manual")

import manual


def main():
    for name in manual.PAGES:
        text = manual.page(name)
        log.info("%s: %d lines", name, text.count("\n"))


if __name__ == "__main__":
    log.info("manual pages for %d topics", len(manual.PAGES))
    try:
        main()
    except Exception:
        log.critical("build failed", exc_info=True)
        sys.exit(1)
    log.info("build finished")
