"""Routing of structured reports in a hospital: the finding's body site says which department gets a copy."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s | %(levelname)-7s | %(name)s | %(message)s",
)
log = logging.getLogger("sr.router")

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

DEPARTMENTS = [
    (Code("76752008", "SCT", "Breast"), "gynaecology"),
    (Code("39607008", "SCT", "Lung"), "pneumology"),
    (Code("10200004", "SCT", "Liver"), "gastroenterology"),
]


def coded(value, scheme, meaning):
    """A code sequence's item as it stands in a report."""
    item = Dataset()
    item.CodeValue = value
    item.CodingSchemeDesignator = scheme
    item.CodeMeaning = meaning
    return item


REPORTS = [
    ("1.2.276.0.7230010.3.1.4.811", coded("T-04000", "SRT", "Breast")),
    ("1.2.276.0.7230010.3.1.4.812", coded("10200004", "SCT", "Liver")),
    ("1.2.276.0.7230010.3.1.4.813", coded("T-D4010X", "SRT", "Abdominal wall, left lower, plastic")),
    ("1.2.276.0.7230010.3.1.4.814", coded("T-28000", "SRT", "Lung")),
]


def department(item):
    site = Code(item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning)
    for known, name in DEPARTMENTS:
        if known == site:
            return name
    return "radiology"


def main():
    for uid, site in REPORTS:
        log.info("report %s (%s) goes to %s", uid, site.CodeMeaning, department(site))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("router stopped")
        sys.exit(1)
    log.info("no more reports")
