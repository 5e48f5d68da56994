"""Mailing worker: sends a reminder in parts, one part each time it wakes up, and ends when all are sent."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s mailing.worker %(message)s",
)
log = logging.getLogger("mailing.worker")

import time

import schedule


class Mailing:
    def __init__(self, addresses, size):
        self.parts = [addresses[start:start + size] for start in range(0, len(addresses), size)]

    def send_part(self):
        part = self.parts.pop(0)
        log.info("sent to %s", ", ".join(part))
        return None if self.parts else schedule.CancelJob


def run(scheduler):
    while True:
        scheduler.run_pending()
        wait = scheduler.idle_seconds
        if wait is None:
            log.info("nothing left to do")
            return
        if wait > 0:
            time.sleep(wait)


def main():
    scheduler = schedule.Scheduler()
    mailing = Mailing(["ada@example.org", "bob@example.org", "cyd@example.org"], 2)
    scheduler.every(1).seconds.do(mailing.send_part)
    run(scheduler)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("worker died")
        sys.exit(1)
    log.info("worker ends")
