"""Archive of a waterworks: puts away the readings of past years, after the day's own have come in."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format='ts=%(asctime)s level=%(levelname)s logger=%(name)s msg="%(message)s"',
    datefmt="%Y-%m-%dT%H:%M:%S",
)
log = logging.getLogger("archive.job")

import archive

ROWS = [
    ("W-100", "2023-11-30", 811.0),
    ("W-101", "2023-12-31", 77.5),
    ("W-100", "2024-01-31", 829.25),
    ("W-101", "2024-01-31", 78.0),
]


def main():
    database = archive.connect()
    archive.record(database, ROWS)
    log.info("readings=%d tables=%d", len(ROWS), len(database.get_tables()))
    for year in (2023, 2024):
        log.info("year=%d moved=%d", year, archive.put_away(database, year))
    database.close()


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("job failed")
        sys.exit(1)
    log.info("job done")
