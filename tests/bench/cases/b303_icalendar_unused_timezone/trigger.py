"""Nightly export of the teams' calendars, one feed for each office."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s - %(name)s - %(levelname)s - %(message)s",
)
log = logging.getLogger("export.calendars")

import feeds

OFFICES = [
    ("Kiel", "Europe/Berlin", [("Stand-up", "2026-03-02T09:15", "Europe/Berlin"), ("Review", "2026-03-06T14:00", "Europe/Berlin")]),
    ("Porto", "Europe/Lisbon", [("Stand-up", "2026-03-02T09:15", "Europe/Lisbon"), ("Call", "2026-03-03T10:00", "America/New_York")]),
    ("Zagreb", "Europe/Zagreb", [("Call", "2026-03-03T10:00", "America/New_York")]),
    ("Oslo", "Europe/Oslo", []),
]


def main():
    for office, zone, meetings in OFFICES:
        feed = feeds.feed(office, zone, meetings)
        log.info("office=%s meetings=%d zones=%d", office, len(meetings), feed.count(b"BEGIN:VTIMEZONE"))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("calendars not exported")
        sys.exit(1)
    log.info("calendars exported")
