"""Ticket office: prints the line of a receipt in words, with the title of what was booked."""
import csv
import io
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(levelname)s] %(asctime)s (%(name)s) %(message)s",
)
log = logging.getLogger("tickets.receipts")

import inflect

BOOKINGS = """title,count
Guided Tour,3
Matinee,1
Dinner for a Guest,2
"""


class Receipt:
    def __init__(self, words):
        self.words = words
        self.lines = []

    def add(self, title, count):
        amount = self.words.number_to_words(count)
        self.lines.append(f"{amount} {self.words.plural_noun(title, count)}")


def main():
    receipt = Receipt(inflect.engine())
    for row in csv.DictReader(io.StringIO(BOOKINGS)):
        receipt.add(row["title"], int(row["count"]))
        log.info("line: %s", receipt.lines[-1])


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("receipt could not be printed")
        sys.exit(1)
