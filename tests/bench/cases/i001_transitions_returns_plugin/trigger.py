"""Warehouse worker: takes order events off a queue and moves the orders on."""
import json
import logging
import os
import sys
import traceback

import order_flow

EVENTS = [
    {"order": "AT-2201", "country": "AT", "steps": ["pack", "ship"]},
    {"order": "DE-9107", "country": "DE", "steps": ["pack", "ship"]},
]


class JsonLines(logging.Formatter):
    def format(self, record):
        line = json.dumps({"ts": self.formatTime(record), "level": record.levelname, "msg": record.getMessage()})
        if record.exc_info:
            line += "\n" + "".join(traceback.format_exception(*record.exc_info)).rstrip()
        return line


handler = logging.FileHandler(os.environ.get("PROD_LOG", "prod.log"))
handler.setFormatter(JsonLines())
log = logging.getLogger("warehouse.worker")
log.addHandler(handler)
log.setLevel(logging.INFO)


def handle(event):
    order = order_flow.Order(event["order"])
    flow = order_flow.start(order)
    if event["country"] == "DE":
        flow.add_states(order_flow.returns_stage())
        flow.add_transition("send_back", "shipped", "returning.announced")
    for step in event["steps"]:
        order.trigger(step)
    log.info("order %s went through %s", order.number, ", ".join(order.log))


def main():
    for event in EVENTS:
        handle(event)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("event could not be handled, worker stops")
        sys.exit(1)
