"""Worker that logs the messages of a queue as they come."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("worker")

import io

import structlog

events = io.StringIO()
structlog.configure(
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    processors=[structlog.processors.add_log_level, structlog.processors.KeyValueRenderer(sort_keys=True)],
    logger_factory=structlog.PrintLoggerFactory(events),
)

MESSAGES = [
    "started",
    "queue is empty",
    {"kind": "order.created", "order": 8812, "total": "49.90"},
    "stopped",
]


def consume(message, number):
    structlog.get_logger().info(message, number=number)


def main():
    log.info("%d messages", len(MESSAGES))
    for number, message in enumerate(MESSAGES):
        consume(message, number)
    log.info("%d lines written", len(events.getvalue().splitlines()))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("message could not be logged")
        sys.exit(1)
    log.info("done")
