"""Greenhouse: a worker reads climate messages of a topic; here those that were written to the day's dump are played."""
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(threadName)s %(name)s %(message)s",
)
logging.getLogger("kafka").setLevel(logging.WARNING)
log = logging.getLogger("greenhouse.worker")

from kafka.serializer import JsonSerializer

TOPIC = "greenhouse.climate"
DUMP = b'{"house": 3, "celsius": 24.5, "humidity": 0.61}\n{"house": 5, "celsius": 31.0, "humidity": 0.44}\n'
LIMIT = 30


class Worker:
    def __init__(self, serializer):
        self.serializer = serializer
        self.open_roofs = set()

    def handle(self, headers, raw):
        reading = self.serializer.deserialize(TOPIC, headers, raw)
        if reading is None:  # a tombstone
            return
        log.info("house %d: %.1f degrees", reading["house"], reading["celsius"])
        if reading["celsius"] > LIMIT:
            self.open_roofs.add(reading["house"])


def main():
    dump = Path("climate-2024-06-11.jsonl")
    dump.write_bytes(DUMP)
    worker = Worker(JsonSerializer())
    worker.handle([], None)
    with dump.open("rb") as lines:
        for number, line in enumerate(lines):
            worker.handle([("offset", str(number).encode())], line.rstrip(b"\n"))
    log.info("roofs open: %s", sorted(worker.open_roofs))
    worker.serializer.close()


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("worker stopped on %s", TOPIC)
        sys.exit(1)
