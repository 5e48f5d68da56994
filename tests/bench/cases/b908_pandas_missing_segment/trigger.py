"""CRM sync: finds the customer segments that no active customer belongs to any more."""
import json
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)-8s %(asctime)s %(name)s - %(message)s",
)
log = logging.getLogger("crm.sync")

import pandas as pd

SEGMENTS = ["gold", "silver", "bronze", "partner"]
PAGES = [
    [{"id": 1, "segment": "gold"}, {"id": 2, "segment": "silver"}],
    [{"id": 3, "segment": "bronze"}, {"id": 4, "segment": None}],
]


def unused_segments(campaigns, customers):
    """Segments of the campaigns without a customer."""
    in_campaigns = pd.CategoricalIndex(campaigns["segment"], categories=SEGMENTS)
    in_use = pd.Index(customers["segment"].unique())
    return in_campaigns.difference(in_use)


def main():
    Path("campaigns.csv").write_text("campaign,segment\nautumn,gold\nautumn,partner\nclearance,silver\nnewsletter,\n")
    campaigns = pd.read_csv("campaigns.csv")
    for number, page in enumerate(PAGES, 1):
        Path(f"page{number}.json").write_text(json.dumps(page))
        log.info("page %d", number)
        customers = pd.DataFrame.from_records(json.loads(Path(f"page{number}.json").read_text()))
        log.info("without customers: %s", list(unused_segments(campaigns, customers)))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.critical("sync failed", exc_info=True)
        sys.exit(1)
    log.info("sync done")
