"""Weekly figures of the branches as workbooks, mailed on Monday morning."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s | %(levelname)-7s | %(name)s:%(funcName)s:%(lineno)d | %(message)s",
)
log = logging.getLogger("figures")

import workbooks

BRANCHES = [
    {"branch": "Kiel", "visitors": [120, 133, 128, 140]},
    {"branch": "Lübeck", "visitors": [80, 78, 91, 95], "trend": "linear"},
    {"branch": "Husum", "visitors": [12, 30, 26, 41], "trend": "linear", "trend_name": "Trend since May"},
    {"branch": "Flensburg", "visitors": []},
]


def main():
    for wanted in BRANCHES:
        content = workbooks.workbook(**wanted)
        log.info("branch=%s weeks=%d started with %s", wanted["branch"], len(wanted["visitors"]), content[:2].decode())


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("figures not written")
        sys.exit(1)
    log.info("figures mailed")
