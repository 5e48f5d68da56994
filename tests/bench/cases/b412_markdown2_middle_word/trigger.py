"""Build of the release notes: one page of HTML for each team."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s (%(name)s) %(message)s",
    datefmt="%H:%M:%S",
)
log = logging.getLogger("notes")

import notes

TEXTS = {
    "web": "# 4.2\n\n~~Old~~ new search.\n\n| page | state |\n| --- | --- |\n| cart | done |\n",
    "data": "# 4.2\n\nExport of *all* tables.\n",
    "firmware": "# 4.2\n\nThe register max_line_current is read *once* a minute.\n",
}


def main():
    for team, text in TEXTS.items():
        html = notes.render(team, text)
        log.info("%s: %d characters of HTML", team, len(html))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("release notes not built")
        sys.exit(1)
    log.info("built")
