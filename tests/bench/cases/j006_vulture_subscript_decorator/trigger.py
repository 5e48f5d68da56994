"""Review bot: looks for dead code in the files of a pull request."""
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s;%(levelname)s;%(name)s;%(message)s",
)
log = logging.getLogger("review.deadcode")

from vulture import Vulture

PULL_REQUEST = {
    "billing/tax.py": "import decimal\n\n\ndef vat(net):\n    return net * 19 / 100\n\n\nprint(vat(100))\n",
    "billing/events.py": (
        "from billing.bus import hooks\n"
        "\n"
        "\n"
        '@hooks["invoice.paid"].connect\n'
        "def thank(invoice):\n"
        "    invoice.customer.mail('Thank you!')\n"
        "\n"
        "\n"
        '@hooks["invoice.overdue"]\n'
        "def remind(invoice):\n"
        "    invoice.customer.mail('Please pay.')\n"
    ),
}


def check_out(folder):
    for name, code in PULL_REQUEST.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
    return [str(folder / name) for name in PULL_REQUEST]


def review(paths):
    finder = Vulture()
    finder.scavenge(paths)
    for item in finder.get_unused_code(min_confidence=60):
        log.info("%s:%d %s", Path(item.filename).name, item.first_lineno, item.message)


def main():
    paths = check_out(Path.cwd() / "checkout")
    log.info("pull request 318: %d files", len(paths))
    review(paths)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("pull request 318 could not be reviewed")
        sys.exit(1)
