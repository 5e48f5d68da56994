"""Worker that writes mails to customers whose meters were read; the readings come as the meters sent them."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-5s [%(threadName)s] %(name)s - %(message)s",
)
log = logging.getLogger("mail.readings")

import mails

READINGS = [
    {"customer": "M. Hansen", "meter": "A-1180", "before": "1402", "now": "1466"},
    {"customer": "T. Berg", "meter": "A-1181", "before": "880.5", "now": "n/a"},
    {"customer": "J. Okafor", "meter": "B-0042", "before": "2e3", "now": "1e999"},
    {"customer": "L. Silva", "meter": "B-0043", "before": "12", "now": "60"},
]


def main():
    for reading in READINGS:
        subject, text = mails.mail(reading)
        log.info("%s: %s (%d lines)", reading["meter"], subject, text.count("\n"))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("mail not written")
        sys.exit(1)
    log.info("all mails written")
