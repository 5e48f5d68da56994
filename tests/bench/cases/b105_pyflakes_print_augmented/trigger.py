"""Grading service of a course: reports what a static check says about the code handed in."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s | %(levelname)s | %(name)s | %(message)s",
)
log = logging.getLogger("grader")

import io

from pyflakes.api import check
from pyflakes.reporter import Reporter

SUBMISSIONS = {
    "anna.py": "import os\n\ntotal = 0\nfor n in range(10):\n    total += n\nprint(total)\n",
    "ben.py": "def area(w, h):\n    return w * heigth\n",
    "carla.py": "message = 'sum: '\nprint += message\n",
}


def grade(name, code):
    out = io.StringIO()
    return check(code, name, Reporter(out, out)), out.getvalue()


def main():
    for name, code in SUBMISSIONS.items():
        warnings, text = grade(name, code)
        log.info("%s: %d warnings %s", name, warnings, text.splitlines())


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("grading stopped")
        sys.exit(1)
    log.info("all graded")
