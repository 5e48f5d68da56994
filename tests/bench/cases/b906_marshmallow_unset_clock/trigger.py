"""Telemetry ingest: reads the spool of a message broker line by line."""
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format='ts=%(asctime)s level=%(levelname)s logger=%(name)s msg="%(message)s"',
)
log = logging.getLogger("ingest")

from marshmallow import ValidationError

from telemetry import MessageSchema

SPOOL = """\
{"device": "gw-0a1", "sent": 1790112000, "readings": [{"sensor": "t1", "value": 21.4}]}
{"device": "gw-0a2", "sent": "yesterday", "readings": []}
{"device": "gw-0b7", "sent": 18446744073709551615, "readings": [{"sensor": "t1", "value": 19.8, "seq": 1}]}
{"device": "gw-0a1", "sent": 1790112060, "readings": [{"sensor": "t1", "value": 21.5}]}
"""


def main():
    spool = Path("spool.jsonl")
    spool.write_text(SPOOL)
    schema = MessageSchema()
    failed = 0
    for number, line in enumerate(spool.read_text().splitlines(), 1):
        try:
            message = schema.loads(line)
        except ValidationError as error:
            log.warning("line %d rejected: %s", number, error.messages)
        except Exception:
            log.exception("line %d failed", number)
            failed += 1
        else:
            log.info("line %d: %d readings of %s at %s", number, len(message["readings"]), message["device"], message["sent"])
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
