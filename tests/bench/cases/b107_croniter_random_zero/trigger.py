"""Scheduler: works out when the jobs of its table run next; a wrong line is skipped with a warning."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("scheduler")

from datetime import datetime

from croniter import CroniterBadCronError, croniter

TABLE = [
    ("backup", "30 2 * * *"),
    ("mails", "*/5 * * * *"),
    ("typo", "61 * * * *"),
    ("cleanup", "H(0-29)/10 * * * *"),
    ("rotate", "0 3 R/0 * *"),
]


def next_run(name, expression, now):
    return croniter(expression, now, hash_id=name).get_next(datetime)


def main():
    now = datetime(2026, 11, 24, 6, 0)
    for name, expression in TABLE:
        try:
            log.info("job %s runs at %s", name, next_run(name, expression, now).isoformat())
        except CroniterBadCronError as error:
            log.warning("job %s is skipped: %s", name, error)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("scheduler stopped")
        sys.exit(1)
    log.info("table loaded")
