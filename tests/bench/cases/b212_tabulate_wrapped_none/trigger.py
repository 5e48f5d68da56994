"""Shift plan: printed as a table every morning, long remarks are wrapped."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("shifts")

import datetime

from tabulate import tabulate

DAYS = {
    "monday": [["early", "anna", "brings the keys for the new store room"], ["late", "ben", "counts"]],
    "tuesday": [["early", "carla", "inventory, first half"], ["late", None, "nobody yet, please call the office"]],
}


def plan(rows):
    return tabulate(rows, headers=["shift", "who", "remarks"], tablefmt="grid", maxcolwidths=[None, 10, 16])


def main():
    log.info("plan of week %d", datetime.date(2026, 11, 23).isocalendar().week)
    for day, rows in DAYS.items():
        log.info("%s: %d lines", day, len(plan(rows).splitlines()))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("plan not printed")
        sys.exit(1)
    log.info("printed")
