"""Revenue tiles of a shop's dashboard, one for each country."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s in %(name)s: %(message)s",
)
log = logging.getLogger("dashboard.tiles")

from decimal import Decimal

from babel.numbers import format_compact_currency

REVENUE = [
    ("de_DE", Decimal("125300.40")),
    ("en_IE", Decimal("1000")),
    ("nl_NL", Decimal("860.10")),
    ("nl_NL", Decimal("1000")),
    ("fr_FR", Decimal("2750000")),
]


def tile(locale, amount):
    return format_compact_currency(amount, "EUR", locale=locale, fraction_digits=1)


def main():
    for locale, amount in REVENUE:
        log.info("locale=%s tile=%s", locale, tile(locale, amount).encode("ascii", "backslashreplace").decode())


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("dashboard not rendered")
        sys.exit(1)
    log.info("dashboard rendered")
