"""Labels that are printed in the warehouse in the morning."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s - %(message)s",
)
log = logging.getLogger("labels")

import labels


def main():
    for number in (12, 13):
        log.info("shelf %d: %d bytes", number, len(labels.shelf(number)))
    for code in ("PX-2026-0917", "PX-2026-0918"):
        log.info("parcel %s: %d bytes", code, len(labels.parcel(code)))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("labels not printed")
        sys.exit(1)
    log.info("sent to the printer")
