"""Job that reminds the staff of orders that wait."""
import json
import logging
import os
import sys


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {"ts": self.formatTime(record), "level": record.levelname, "logger": record.name, "msg": record.getMessage()}
        if record.exc_info:
            line["exc_info"] = self.formatException(record.exc_info)
        return json.dumps(line)


handler = logging.FileHandler(os.environ.get("PROD_LOG", "prod.log"))
handler.setFormatter(JsonFormatter())
logging.basicConfig(level=logging.INFO, handlers=[handler])
log = logging.getLogger("reminder")

from orders import Orders


def main():
    orders = Orders("orders.json")
    orders.add(number=501, day=12, paid=None, sent=None)
    orders.add(number=502, day=12, paid=5, sent=None)
    orders.add(number=503, day=12, paid=10, sent=11)
    log.info("%d orders are not paid", len(orders.unpaid()))
    log.info("orders that are late: %s", [order["number"] for order in orders.late()])


if __name__ == "__main__":
    sys.stderr = handler.stream  # a container's output: both go the same way
    try:
        main()
    except Exception:
        log.exception("reminder failed")
        raise
