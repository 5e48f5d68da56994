"""Import of the door sensors' files, every five minutes: new sensors are announced, known ones are left alone."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s import_sensors[%(process)d]: %(levelname)s %(message)s",
    datefmt="%Y-%m-%d %H:%M:%S",
)
log = logging.getLogger("import_sensors")

import sqlite_utils

FILES = [
    ("door-0900.csv", "D-17", [("09:00:02", 1), ("09:01:40", 0), ("09:03:11", 1)]),
    ("door-0905.csv", "D-04", [("09:05:20", 1), ("09:05:59", 0)]),
    ("door-0910.csv", "D-17", [("09:10:07", 0)]),
]


def import_file(db, name, serial, rows):
    sensors = db["sensor"].insert({"serial": serial, "first_file": name}, pk="serial", ignore=True)
    db["reading"].insert_all({"sensor": sensors.last_pk, "at": at, "open": state} for at, state in rows)
    log.info("%s: sensor %s, %d readings", name, sensors.last_pk, len(rows))


def main():
    db = sqlite_utils.Database(memory=True)
    for name, serial, rows in FILES:
        import_file(db, name, serial, rows)
    log.info("done, %d sensors, %d readings", db["sensor"].count, db["reading"].count)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("import failed")
        sys.exit(1)
