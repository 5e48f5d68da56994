"""Handbook publisher: builds the pages that the editors saved."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(name)s %(levelname)s %(message)s",
)
log = logging.getLogger("handbook.publish")

from publisher import publish

REVISIONS = [
    {"first-steps": "Press :kbd:`Ctrl+N` for a new order."},
    {
        "first-steps": "Press :kbd:`Ctrl+N` for a new order.",
        "till": "Close the till with :kbd:`Ctrl + Shift + T`, then count the money.",
    },
]


def main():
    for number, pages in enumerate(REVISIONS, 1):
        log.info("publishing revision %d, %d pages", number, len(pages))
        written = publish(pages, f"source{number}", f"html{number}")
        log.info("revision %d online: %s", number, ", ".join(written))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("publishing failed, the last revision stays online")
        sys.exit(1)
