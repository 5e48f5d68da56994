"""Command line job: reads the supplier's list before it goes into the database."""
import csv
import io
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s|%(levelname)s|%(name)s|%(message)s",
)
log = logging.getLogger("stock.import")

from stock import read

LIST = """sku,price,pieces
S-100,4.50,
S-200,19.99,12.0
S-300,0.75,
"""


def main():
    failed = 0
    for number, row in enumerate(csv.DictReader(io.StringIO(LIST)), 2):
        try:
            item = read(row)
        except Exception:
            log.exception("line %d not read: %s", number, row)
            failed += 1
        else:
            log.info("line %d: %s at %s%s", number, item.sku, item.price, f", {item.pieces} pieces" if row["pieces"] else "")
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
