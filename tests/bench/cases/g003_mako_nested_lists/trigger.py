"""Worker that writes the seat plans of a theatre."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s %(asctime)s %(name)s %(process)d %(message)s",
)
log = logging.getLogger("reports.worker")

from reports import Reports

JOBS = [
    ("total.txt", {"hall": "North", "rows": [["a1", "a2"], ["b1", "b2", "b3"]]}),
    ("seats.txt", {"hall": "North", "rows": [["a1", "A2"], ["b1", "B2", "b3"]]}),
]


def main():
    reports = Reports()
    failed = 0
    for name, values in JOBS:
        try:
            text = reports.render(name, **values)
        except Exception:
            log.exception("report %s of hall %s failed", name, values["hall"])
            failed += 1
        else:
            log.info("report %s of hall %s: %d lines", name, values["hall"], len(text.splitlines()))
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
