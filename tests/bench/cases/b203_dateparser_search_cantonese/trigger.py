"""Chat bot: looks for dates in what people write, to offer reminders."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("bot.reminders")

from datetime import datetime

from dateparser.search import search_dates

CHAT = ["Meeting on 12 May 2026 at noon?", "ok!", "聽日", "bis 3. Juni 2026"]
NOW = datetime(2026, 5, 4, 9, 0)


def find(text):
    return search_dates(text, settings={"RELATIVE_BASE": NOW}) or []


def main():
    for number, text in enumerate(CHAT):
        log.info("message %d: %d dates", number, len(find(text)))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("message could not be handled")
        sys.exit(1)
    log.info("chat closed")
