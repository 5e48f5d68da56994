"""Handbook service: renders the pages that editors save. Logs JSON lines."""
import json
import logging
import os
import sys


class JsonFormatter(logging.Formatter):
    def format(self, record):
        entry = {"level": record.levelname, "logger": record.name, "event": record.getMessage()}
        if record.exc_info:
            entry["error"] = record.exc_info[0].__name__
        line = json.dumps(entry)
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


handler = logging.FileHandler(os.environ.get("PROD_LOG", "prod.log"), encoding="utf-8")
handler.setFormatter(JsonFormatter())
logging.basicConfig(level=logging.INFO, handlers=[handler])
logging.getLogger("MARKDOWN").setLevel(logging.WARNING)
log = logging.getLogger("handbook")

import markdown

PAGES = {
    "install": "# Install\n\n/// html | pre.listing\n    apt install handbook\n///\n",
    # the editor has put the box there and means to fill it tomorrow
    "upgrade": "# Upgrade\n\nRun this:\n\n/// html | pre.listing\n///\n\nThat is all.\n",
}


def render(text):
    return markdown.markdown(text, extensions=["pymdownx.blocks.html", "pymdownx.blocks.admonition"])


def main():
    for name, text in PAGES.items():
        log.info("page %s: %d bytes of HTML", name, len(render(text)))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("page not saved")
        sys.exit(1)
