"""Every Monday the training system is filled again."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s | %(levelname)s | %(name)s | %(message)s",
)
log = logging.getLogger("training")
logging.getLogger("faker").setLevel(logging.WARNING)

import training


def main():
    maker = training.Maker(seed=46)
    for article in training.PRICES:
        orders = [maker.order(article) for _ in range(20)]
        log.info("%s: %d orders, %s in all", article, len(orders), sum(order.price for order in orders))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("training system not filled")
        sys.exit(1)
    log.info("training system ready")
