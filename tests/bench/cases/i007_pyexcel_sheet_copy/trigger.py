"""Monthly statements: every customer gets a copy of the template sheet with his own figures."""
import copy
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s:%(asctime)s:%(name)s:%(message)s",
)
log = logging.getLogger("statements")

import pyexcel

TEMPLATE = "Item,Amount\nTraffic (GB),\nStorage (GB),\n"
USAGE = {"north": [120, 800], "south": [75, 512]}


def write_statement(template, customer, usage):
    statement = copy.deepcopy(template)
    for row, amount in enumerate(usage, start=1):
        statement[row, 1] = amount
    statement.save_as(f"{customer}.csv")


def main():
    with open("template.csv", "w", encoding="utf-8") as out:
        out.write(TEMPLATE)
    template = pyexcel.get_sheet(file_name="template.csv")
    log.info("template has %d rows", template.number_of_rows())
    for customer, usage in USAGE.items():
        write_statement(template, customer, usage)
        log.info("statement for %s written", customer)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("statements could not be written")
        sys.exit(1)
