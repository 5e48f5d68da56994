"""The club's office takes the sheets of its sections over, one after the other."""
import csv
import io
import logging
import os
import sys
from datetime import date

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s[%(process)d]: %(message)s",
)
log = logging.getLogger("club.members")

import members

SHEETS = {
    "rowing": "name,joined\nAda Brandt,May 1998\nTim Okafor,2011-04\n",
    "tennis": "name,joined\nLena Roth,long ago\nIvo Petrov,12.06.2015\nNoor Aziz,2019-02-30\n",
    "chess": "name,joined\nGreta Lund,03/1987\nPaul Meier,2004-13\nEmre Kaya,2022-09\n",
}


def main():
    for section, sheet in SHEETS.items():
        rows = list(csv.DictReader(io.StringIO(sheet)))
        log.info("%s: %d rows", section, len(rows))
        taken, unclear = members.take_over(rows, date(2026, 11, 27))
        log.info("%s: %d members taken over, to be asked: %s", section, len(taken), ", ".join(unclear) or "none")


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("sheets not taken over")
        sys.exit(1)
    log.info("finished")
