"""Session store: restores what the old shop left in its database."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("sessions")

import jsonpickle

ROWS = {
    "8f1c": '{"user": "anna", "seen": {"py/set": [4, 8]}, "size": {"py/tuple": [1, 2]}}',
    "02ad": '{"user": "ben", "seen": {"py/set": []}}',
    "77e0": '{"user": "carla", "seen": {"py/set": null}, "size": {"py/tuple": [3, 4]}}',
}


def restore(text):
    session = jsonpickle.decode(text)
    return session["user"], sorted(session["seen"])


def main():
    log.info("%d sessions", len(ROWS))
    for key, text in ROWS.items():
        log.info("session %s of %s: seen %s", key, *restore(text))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("migration stopped")
        sys.exit(1)
    log.info("migration finished")
