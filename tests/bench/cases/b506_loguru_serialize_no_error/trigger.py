"""The scheduler of the practice's server, at night."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s [%(process)d] %(name)s: %(message)s",
)
log = logging.getLogger("nightly")

import backup

FOLDERS = [("letters", 310), ("/srv/x", 20), ("x-rays", 5200), ("appointments", 45), ("scans", 4100), ("invoices", 80)]


def main():
    audit = backup.open_audit()
    free = 8000
    log.info("backup started, %d MB free", free)
    for folder, size in FOLDERS:
        free = backup.copy(folder, size, free, audit)
        log.info("%s done, %d MB free", folder, free)
    log.info("%d lines of audit", len(backup.audit.getvalue().splitlines()))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("backup stopped")
        sys.exit(1)
    log.info("backup finished")
