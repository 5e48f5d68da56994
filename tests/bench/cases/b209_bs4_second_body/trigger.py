"""Newsletter archive: takes the text and the classes out of mails as they were sent."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("archive")

from bs4 import BeautifulSoup

MAILS = {
    "2026-10": "<html><body class='plain'><p class='lead big'>October news</p></body></html>",
    "2026-11": "<html><body><p class='lead'>November news</p><body class='wide dark'><p>End</p></html>",
}


def read(markup):
    """Classes are kept as written, they are compared as text."""
    soup = BeautifulSoup(markup, "html5lib", multi_valued_attributes=None)
    return soup.body.get("class"), soup.get_text(" ", strip=True)


def main():
    for month, markup in MAILS.items():
        log.info("%s class=%r text=%r", month, *read(markup))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("archive not updated")
        sys.exit(1)
    log.info("archive updated")
