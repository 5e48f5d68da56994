"""The backup tool as it is called on a server during a day: by the timer, and by somebody who looks for help."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s nas1 backup[%(process)d]: %(message)s",
    datefmt="%b %d %H:%M:%S",
)
log = logging.getLogger("backup")

import backup

CALLS = [
    ["status"],
    ["prune", "--keep", "30"],
    ["status", "--limit", "2"],
    ["restore", "--help"],
]


def call(arguments):
    """What the console script does."""
    log.info("called: backup %s", " ".join(arguments))
    try:
        log.info("done: %s", backup.run(arguments))
    except SystemExit as end:
        log.info("ended with %s", end.code)


def main():
    for arguments in CALLS:
        call(arguments)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("unexpected error")
        sys.exit(1)
