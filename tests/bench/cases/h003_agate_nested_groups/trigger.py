"""Nightly sales statistics; the last thing the job does is to print how the data is grouped."""
import io
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(process)d %(name)s %(levelname)s | %(message)s",
)
log = logging.getLogger("statistics.sales")

import agate

SALES = """\
region,branch,amount
north,Kiel,120.50
north,Husum,80.00
north,Kiel,42.10
south,Ulm,310.00
"""


def statistics(sales):
    by_region = sales.group_by("region")
    by_branch = by_region.group_by("branch")
    for grouped in (by_region, by_branch):
        out = io.StringIO()
        grouped.print_structure(output=out)
        for line in out.getvalue().splitlines():
            log.info(line)
    return by_branch


def main():
    types = [agate.Text(), agate.Text(), agate.Number()]
    sales = agate.Table.from_csv(io.StringIO(SALES), column_types=types)
    log.info("%d sales read", len(sales.rows))
    statistics(sales)


def log_uncaught(kind, error, trace):
    log.critical("uncaught exception", exc_info=(kind, error, trace))


if __name__ == "__main__":
    sys.excepthook = log_uncaught
    main()
