"""Consumer of an order queue: the shop sends, the warehouse packs."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="ts=%(asctime)s level=%(levelname)s logger=%(name)s msg=\"%(message)s\"",
)
log = logging.getLogger("warehouse.consumer")

from uuid import UUID

import orders

SENT = [
    {"id": UUID("9b2f61c4-3e0d-4f57-8a5d-2c1a7f0e6b11"), "articles": ["lamp"]},
    {"id": 4812, "articles": ["shelf", "screws"]},
    {"id": UUID("018f4e2a-7c3b-7d21-9f00-5a1b2c3d4e5f"), "articles": ["chair"]},
    {"id": UUID("d1b0c7e2-95a4-11ee-b9d1-0242ac120002"), "articles": []},
]


def main():
    with orders.connect() as connection:
        for order in SENT:
            orders.send(connection, order)
        log.info("sent=%d", len(SENT))
        for _ in SENT:
            log.info("order=%s articles=%d", *orders.pack(connection))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("consumer stopped")
        sys.exit(1)
    log.info("queue is empty")
