"""Scheduler of the reporting team: runs the lines of its table through the command line's entry point."""
import logging
import os
import shlex
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s reports-1 scheduler[812]: %(levelname)s %(message)s",
    datefmt="%b %d %H:%M:%S",
)
log = logging.getLogger("scheduler")

import exports

TABLE = """
total winter 2025-12 2026-02
total "all time"
months
"""


def main():
    for line in TABLE.strip().splitlines():
        log.info("run: %s", line)
        exports.app(shlex.split(line), prog_name="exports", standalone_mode=False)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("job failed")
        sys.exit(1)
