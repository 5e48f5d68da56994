"""Import of a partner's events: what does not fit is written to a list for him."""
import json
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(name)s %(levelname)s %(message)s",
)
log = logging.getLogger("calendar.import")

import colander

import event_schema

FEED = [
    {"title": "Open day", "start": "2026-05-02", "end": "2026-05-02"},
    {"title": "", "start": "2026-05-09", "end": "2026-05-10"},
    {"title": "Jazz night", "start": "2026-06-12", "end": "2026-06-11", "seats": 90, "sold": 12},
]


def import_feed(path):
    schema = event_schema.event_schema()
    accepted, refused = [], {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            accepted.append(schema.deserialize(json.loads(line)))
        except colander.Invalid as error:
            refused[number] = error.asdict()
            log.warning("line %d refused: %s", number, refused[number])
    return accepted, refused


def main():
    path = Path("partner.jsonl")
    path.write_text("\n".join(json.dumps(event) for event in FEED), encoding="utf-8")
    accepted, refused = import_feed(path)
    log.info("%d events taken over, %d refused", len(accepted), len(refused))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("import of partner.jsonl aborted")
        sys.exit(1)
