"""Photo archive: import the scanner's index, which has epoch seconds."""
import csv
import io
import json
import logging
import os
import sys

import arrow


class JsonLines(logging.Formatter):
    def format(self, record):
        entry = {"time": self.formatTime(record), "level": record.levelname, "event": record.getMessage()}
        text = json.dumps(entry)
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return text


handler = logging.FileHandler(os.environ.get("PROD_LOG", "prod.log"), encoding="utf-8")
handler.setFormatter(JsonLines())
logging.getLogger().addHandler(handler)
logging.getLogger().setLevel(logging.INFO)
log = logging.getLogger("archive.importer")

INDEX = """\
scan;taken;title
S-1017;318556800;Harbour, new crane
S-1018;-284083200;Harbour before the flood
S-1019;12873600;Town hall
"""


def read_index(text):
    photos = []
    for row in csv.DictReader(io.StringIO(text), delimiter=";"):
        taken = arrow.get(row["taken"], "X")
        photos.append({"scan": row["scan"], "year": taken.year, "title": row["title"]})
        log.info("%s taken %s", row["scan"], taken.format("YYYY-MM-DD"))
    return photos


def main():
    photos = read_index(INDEX)
    log.info("%d photos imported", len(photos))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("import of index.csv aborted")
        sys.exit(1)
