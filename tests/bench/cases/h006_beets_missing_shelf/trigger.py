"""Radio station: list of the records for the archive, sorted by shelf."""
import logging
import os
import sys
from logging.handlers import WatchedFileHandler

handler = WatchedFileHandler(os.environ.get("PROD_LOG", "prod.log"), encoding="utf-8")
handler.setFormatter(logging.Formatter("%(asctime)s station[%(process)d]: %(levelname)s %(message)s"))
logging.getLogger().addHandler(handler)
log = logging.getLogger("station.archive")
log.setLevel(logging.INFO)

import beets
from beets import plugins
from beets.library import Item, Library

TRACKS = [
    ("Nina Simone", "Feeling Good", 12),
    ("Can", "Vitamin C", None),
    ("Fela Kuti", "Zombie", 3),
]


def fill(library):
    for artist, title, shelf in TRACKS:
        item = Item(artist=artist, title=title, path=os.fsencode(os.path.abspath(f"{title}.flac")))
        item.add(library)
        if shelf is not None:
            item["shelf"] = shelf
            item.store()


def shelf_list(library):
    lines = []
    for item in library.items("shelf+"):
        lines.append(f"{item.get('shelf') or '-'}: {item.artist} - {item.title}")
        log.info(lines[-1])
    return lines


def main():
    beets.config["plugins"] = ["shelf"]
    plugins.load_plugins()
    library = Library("records.db", "music")
    fill(library)
    log.info("%d tracks in the library", len(library.items()))
    shelf_list(library)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("shelf list could not be written")
        sys.exit(1)
