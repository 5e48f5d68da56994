"""Worker that renders the comments of a shop, and the first words of each for the overview."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s: %(levelname)s/%(processName)s: %(message)s",
)
log = logging.getLogger("comments")

import comments

QUEUE = [
    (318, "Fits **perfectly**, thank you!"),
    (319, "Came late, but see [my review](https://example.org/r/319) of the other one: it is worth waiting for it."),
    (320, "What I liked in the set of boxes, in short:\n\n<![if !supportLists]>· the lids<![endif]>\n\n· the colours"),
    (321, "Never again."),
]


def main():
    for number, text in QUEUE:
        teaser, full = comments.render(text)
        log.info("comment %d rendered: %d and %d characters", number, len(teaser), len(full))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("comment not rendered")
        sys.exit(1)
    log.info("queue is empty")
