"""Check of the data team's models before they are merged."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s|%(levelname)s|%(name)s|%(message)s",
)
logging.getLogger("sqlfluff").setLevel(logging.ERROR)
log = logging.getLogger("models.check")

import sqlfluff

MODELS = {
    "customers.sql": "-- sqlfluff:max_line_length:100\nSELECT id, email FROM raw_customers\n",
    "orders.sql": (
        "-- sqlfluff:templater:jinja:context:schema:shop\n"
        "-- sqlfluff:templater:jinja:context:p:\n"
        "SELECT id, total FROM {{ schema }}.{{ p }}orders\n"
    ),
}


def check(name, text):
    findings = sqlfluff.lint(text, dialect="sqlite", rules=["LT01", "CP01"])
    log.info("%s: %d findings", name, len(findings))
    return findings


def main():
    return {name: check(name, text) for name, text in MODELS.items()}


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        log.critical("check died of %s", type(error).__name__, exc_info=error)
        sys.exit(1)
