"""Review digest: takes the first sentence of every review of a product."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname).1s %(asctime)s %(module)s:%(funcName)s: %(message)s",
)
log = logging.getLogger(__name__)

import csv
import io

from nltk.tokenize.punkt import PunktSentenceTokenizer

REVIEWS = """number,stars,text
311,5,"Boils within a minute. Would buy it again. Recommended by Dr. Stone as well."
312,2,"Nice to look at, but the lid does not close! Sent it back."
313,1,"! Important: never fill it above the mark. The handle gets hot."
314,4,"Good value"
"""


def first_sentences(reviews):
    rows = list(csv.DictReader(io.StringIO(reviews)))
    splitter = PunktSentenceTokenizer("\n".join(row["text"] for row in rows))
    for row in rows:
        yield row["number"], lambda text=row["text"]: splitter.tokenize(text)[0]


def main():
    failed = 0
    for number, first in first_sentences(REVIEWS):
        try:
            log.info("review %s: %s", number, first())
        except Exception:
            log.exception("review %s left out", number)
            failed += 1
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
