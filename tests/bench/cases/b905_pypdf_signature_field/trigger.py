"""Nightly job that turns signed-off orders into contract documents."""
import json
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s|%(levelname)s|%(name)s|%(message)s",
)
log = logging.getLogger("contracts.job")

import contracts

QUEUE = [
    {"order": 5510, "customer": "Elbe Logistik GmbH", "amount": "12400.00"},
    {"order": 5511, "customer": "Kiesewetter KG", "amount": "980.00"},
]


def main():
    queue = Path("queue.json")
    queue.write_text(json.dumps(QUEUE))
    orders = json.loads(queue.read_text())
    log.info("%d orders to render", len(orders))
    for order in orders:
        log.info("rendering contract for order %d", order["order"])
        values = contracts.render(order, f"contract-{order['order']}.pdf")
        log.info("contract-%d.pdf written, fields %s", order["order"], sorted(values))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("job aborted")
        sys.exit(1)
    log.info("job done")
