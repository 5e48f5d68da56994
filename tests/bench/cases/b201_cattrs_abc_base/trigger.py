"""Warehouse: reads the messages of a broker."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("warehouse")

import json

import cattrs

import parcels

MESSAGES = [
    ("item", '{"sku": "T-100", "count": 2}'),
    ("parcel", '{"number": "P-7", "items": [{"sku": "T-100", "count": 2}, {"sku": "K-9", "count": 1}]}'),
]
TYPES = {"item": parcels.Item, "parcel": parcels.Parcel}


def receive(kind, text):
    return cattrs.structure(json.loads(text), TYPES[kind])


def main():
    for kind, text in MESSAGES:
        log.info("received %s", receive(kind, text))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("message rejected")
        sys.exit(1)
    log.info("broker is empty")
