"""Builds the outlines of an icon font from the drawings that designers upload."""
import logging
import os
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.DEBUG,
    format="%(asctime)s [%(levelname)s] (%(name)s) %(message)s",
)
log = logging.getLogger("icons.build")

from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path

UPLOADS = {
    "arrow.svg": "M4 12 L20 12 M14 6 L20 12 L14 18",
    "folder.svg": "M3 5h6l2 3h10v11H3Z m2 5h14v7H5z z",
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="{}"/></svg>'


def receive(folder):
    folder.mkdir()
    for name, path in UPLOADS.items():
        (folder / name).write_text(SVG.format(path), encoding="utf-8")


def outline(file):
    pen = RecordingPen()
    for path in ElementTree.parse(file).iter("{http://www.w3.org/2000/svg}path"):
        parse_path(path.get("d"), pen)
    return pen.value


def main():
    folder = Path.cwd() / "uploads"
    receive(folder)
    failed = 0
    for file in sorted(folder.glob("*.svg")):
        try:
            segments = outline(file)
        except Exception:
            log.exception("%s has no usable outline", file.name)
            failed += 1
        else:
            log.debug("%s: %d segments", file.name, len(segments))
    log.info("font of %d icons, %d failed", len(UPLOADS) - failed, failed)
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
