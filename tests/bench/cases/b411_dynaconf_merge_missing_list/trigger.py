"""Scheduler of a service that gathers water levels: makes the plans of its sites when it starts."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s.%(msecs)03d %(levelname)s [%(name)s] %(message)s",
    datefmt="%Y-%m-%d %H:%M:%S",
)
log = logging.getLogger("levels.scheduler")

import levels


def main():
    for site in ("bremen", "husum", "helgoland"):
        interval, stations, recipients = levels.plan(site)
        log.info("%s: every %d s, stations %s", site, interval, ", ".join(stations))
        log.info("%s: tells %s", site, ", ".join(recipients))


if __name__ == "__main__":
    log.info("starting")
    try:
        main()
    except Exception as error:
        log.critical("not started: %s", error, exc_info=True)
        sys.exit(1)
    log.info("started")
