"""A support engineer looks at what a customer's browsers have sent."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(name)-15s %(levelname)-8s %(message)s",
)
log = logging.getLogger("support")

from support.replay import replay

RECORDING = [
    ("k3AA", "40"),
    ("k3AA", '42["join","room 7"]\x1e42["typing",true]'),
    ("Zq9B", '42["join","room 7"]'),
    ("k3AA", "3"),
    ("Zq9B", "4\x1e" * 20),
    ("Zq9B", '42["say","hello"]\x1e'),
    ("k3AA", '42["say","good morning"]\x1e3'),
]


def main():
    sessions = replay(RECORDING)
    for session in sessions.values():
        log.info("%s: %s, %d broken", session.sid, session.kinds, session.broken)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("the recording cannot be shown")
        sys.exit(1)
