"""Inventory of a school: makes the wiki pages of the shelves from what the tablets sent."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s | %(levelname)-8s | %(message)s",
)
log = logging.getLogger("inventory")

import inventory

SHELVES = {
    "A1": "17;camera;two lenses\n18;tripod;\n",
    "A2": "",
    "B1": "41;microscope;lamp replaced in May\n42;scale;   \n43;beamer;HDMI only\n",
    "B2": "50;loudspeaker;with cable\n",
}


def main():
    for shelf, text in SHELVES.items():
        page = inventory.page(shelf, text)
        log.info("shelf %s: page of %d characters", shelf, len(page))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("pages not made")
        sys.exit(1)
    log.info("all pages made")
