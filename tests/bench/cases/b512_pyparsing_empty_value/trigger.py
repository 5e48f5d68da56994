"""Readings of the weather stations, as they come in over the line."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s (%(levelname)s) %(message)s",
)
log = logging.getLogger("weather")

import sensors

LINES = [
    ("hill", 'wind = 11.5 "gusts"'),
    ("hill", 'rain_1h = 0 "dry"'),
    ("valley", 'temperature = -2.4 " new probe "'),
    ("valley", 'rain_1h = 3 " "'),
    ("lake", 'level = 402 "calm"'),
]


def main():
    for station, line in LINES:
        log.info("%s sent %s", station, line)
        reading = sensors.read(line)
        log.info("%s: %s is %s (%s)", station, reading["name"], reading["value"], reading["remark"])


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("readings not taken")
        sys.exit(1)
    log.info("all readings taken")
