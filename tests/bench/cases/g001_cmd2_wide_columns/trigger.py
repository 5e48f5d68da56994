"""Nightly inventory: prints the shelf labels on the narrow label printer."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s %(name)s - %(message)s",
)
log = logging.getLogger("stockshell")

from stockshell import StockShell

SHELVES = {
    "A1": ["bolts", "nuts", "washers", "rivets"],
    "A2": ["stainless-hexagon-bolt-M12x80", "stainless-hexagon-bolt-M12x120", "stainless-threaded-rod-M12x1000"],
}


def main():
    shell = StockShell(SHELVES, width=24)
    for name in SHELVES:
        shell.do_shelf(name)
        log.info("shelf %s: %d lines printed", name, len(shell.printed().splitlines()))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("inventory stopped")
        sys.exit(1)
    log.info("inventory done")
