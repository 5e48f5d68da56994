"""Review of a change: every file of it is looked at."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s:%(name)s:%(asctime)s %(message)s",
)
logging.getLogger("pydocstyle").setLevel(logging.WARNING)
log = logging.getLogger("review")

import review

CHANGE = {
    "shop/cart.py": '''"""Cart of the shop."""


def add(cart, article):
    """Puts an article into the cart"""
    cart.append(article)
''',
    "shop/__init__.py": "",
    "shop/rebate.py": '''"""Rebates."""


def rebate(total, regular):
    """Return the rebate for a customer, which depends on what \\
was bought and on how often the customer comes."""
    return total // 20 if regular else 0
''',
    "shop/invoice.py": '''"""Invoices."""


def number(last):
    """Return the number after the last one."""
    return last + 1
''',
}


def main():
    total = 0
    for path, source in CHANGE.items():
        found = review.remarks(path, source)
        for remark in found:
            log.info(remark)
        log.info("%s: %d remarks", path, len(found))
        total += len(found)
    log.info("%d remarks in %d files", total, len(CHANGE))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("review not finished")
        sys.exit(1)
