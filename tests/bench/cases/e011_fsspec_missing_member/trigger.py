"""Price import: takes over the deliveries of three suppliers."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(levelname)s] %(asctime)s %(name)s | %(message)s",
)
log = logging.getLogger("prices.take_over")

import zipfile

from deliveries import Delivery

ARCHIVES = {
    "north.zip": {"prices.csv": "article,price\nA-1,3.20\nA-2,7.90\n", "notes.txt": "A-2 from May only\n"},
    "south.zip": {"prices.csv": "article,price\nB-7,12.00\n"},
    "west.zip": {"prices.csv": "article,price\nC-4,0.85\n", "notes.txt": "none\n"},
}


def main():
    for name, members in ARCHIVES.items():
        with zipfile.ZipFile(name, "w") as archive:
            for member, text in members.items():
                archive.writestr(member, text)
        delivery = Delivery(name)
        prices = delivery.prices()
        notes = delivery.notes()
        log.info("%s: %d prices, notes: %s", name, len(prices), "-" if notes is None else notes.strip())


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("import stopped")
        sys.exit(1)
    log.info("import done")
