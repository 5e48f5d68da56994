"""Quality dashboard: turns the coverage data that the test machines send into lcov files."""
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s|%(levelname)s|%(name)s|%(message)s",
)
log = logging.getLogger("dashboard.coverage")

import coverage
from coverage import CoverageData

SOURCES = {
    "billing.py": "def total(items):\n    return sum(items)\n\n\nVAT = 19\n",
    # rendered by the build, and rendered anew, without its debug part, before the upload
    "receipt.py": "TITLE = 'Receipt'\nFOOTER = 'Thank you'\n",
}
RUN = {"billing.py": [1, 2, 5], "receipt.py": [1, 2, 4, 7]}


def receive(folder, data_file):
    """What a test machine uploads: the sources and the lines that were run."""
    for name, text in SOURCES.items():
        (folder / name).write_text(text, encoding="utf-8")
    data = CoverageData(basename=str(data_file))
    data.add_lines({str(folder / name): lines for name, lines in RUN.items()})
    data.write()


def publish(data_file, target):
    cov = coverage.Coverage(data_file=str(data_file), config_file=False)
    cov.load()
    percent = cov.lcov_report(outfile=str(target))
    log.info("%s written, %.1f %% covered", target.name, percent)


def main():
    folder = Path.cwd() / "upload"
    folder.mkdir()
    receive(folder, folder / "nightly.coverage")
    log.info("received data of %d files", len(SOURCES))
    publish(folder / "nightly.coverage", folder / "nightly.lcov")


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("upload could not be published")
        sys.exit(1)
