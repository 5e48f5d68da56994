"""Evening job: the day's takings of all branches in one file; a branch that was closed hands in an empty file."""
import io
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s %(asctime)s %(name)s %(message)s",
)
log = logging.getLogger("takings.collect")

from csvkit.utilities.csvstack import CSVStack

FILES = {
    "altona.csv": "till,amount\n1,420.10\n2,388.00\n",
    "barmbek.csv": "",
    "wandsbek.csv": "till,amount\n1,97.30\n",
}


def collect(paths):
    out = io.StringIO()
    CSVStack(["--filenames", *paths], output_file=out).run()
    return out.getvalue()


def main():
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="utf-8")
        log.info("%s: %d bytes", name, len(text))
    takings = collect(sorted(FILES))
    for line in takings.splitlines():
        log.info("> %s", line)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("takings of the day could not be collected")
        sys.exit(1)
