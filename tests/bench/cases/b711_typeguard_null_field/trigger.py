"""One batch of messages from the queue."""
import json
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format='{"time": "%(asctime)s", "level": "%(levelname)s", "logger": "%(name)s"} %(message)s',
)
log = logging.getLogger("intake")

from intake.check import accept

BATCH = """
{"kind": "meter", "serial": "M-1041", "readings": [20.5, 20.75], "battery": 88}
{"kind": "meter", "serial": "M-1042", "readings": [19.0], "battery": "low"}
{"kind": "gateway", "serial": "G-7", "children": ["M-1041", "M-1042"], "battery": null, "uptime": 86400}
{"kind": "lamp", "serial": "L-3"}
"""


def main():
    messages = [json.loads(line) for line in BATCH.splitlines() if line]
    good = accept(messages)
    log.info("%d of %d messages accepted", len(good), len(messages))
    return "G-7" not in {message["serial"] for message in good}


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
