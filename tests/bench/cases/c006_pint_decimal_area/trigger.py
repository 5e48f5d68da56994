"""Land office: works out the area of strips of land from a table, with exact numbers."""
import json
import logging
import os
import sys


class JsonLines(logging.Formatter):
    def format(self, record):
        line = {"ts": self.formatTime(record), "level": record.levelname, "logger": record.name, "msg": record.getMessage()}
        text = json.dumps(line)
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return text


handler = logging.FileHandler(os.environ.get("PROD_LOG", "prod.log"))
handler.setFormatter(JsonLines())
logging.basicConfig(level=logging.INFO, handlers=[handler])
log = logging.getLogger("landoffice.strips")

import csv
import io
from decimal import Decimal

import pint

units = pint.UnitRegistry(non_int_type=Decimal, auto_reduce_dimensions=True)

STRIPS = """\
strip,length,width
A-16,310 m,48 m
A-17,1.2 km,35 m
A-18,400 m,2500 cm
B-02,0.75 mile,60 m
"""


def area(row):
    length, width = units.Quantity(row["length"]), units.Quantity(row["width"])
    return (length * width).to("hectare")


def main():
    for row in csv.DictReader(io.StringIO(STRIPS)):
        log.info("strip %s: %.3f ha", row["strip"], area(row).magnitude)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("areas not worked out")
        sys.exit(1)
