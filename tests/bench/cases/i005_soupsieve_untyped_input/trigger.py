"""Nightly check of the order forms that shops put on their pages: are the preset amounts allowed?"""
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(process)d %(levelname)s %(message)s",
)
log = logging.getLogger()

from bs4 import BeautifulSoup

PAGES = {
    "coffee.html": """
        <form action="/order" method="post">
          <input type="number" name="bags" min="1" max="20" value="2">
          <input type="submit" value="Order">
        </form>""",
    "honey.html": """
        <form action="/order" method="post">
          <input type="number" name="jars" min="1" max="12" value="24">
          <input name="greeting" placeholder="A few words to go with it">
          <input type="submit" value="Order">
        </form>""",
}


def save_pages(folder):
    """Stands for the crawler that ran before."""
    folder.mkdir(exist_ok=True)
    for name, text in PAGES.items():
        (folder / name).write_text(text, encoding="utf-8")


def main():
    folder = Path("pages")
    save_pages(folder)
    for page in sorted(folder.glob("*.html")):
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        wrong = soup.select("form input:out-of-range")
        log.info("%s: %s", page.name, ", ".join(tag["name"] for tag in wrong) or "fine")


def report(kind, error, trace):
    log.critical("form check died", exc_info=(kind, error, trace))


if __name__ == "__main__":
    sys.excepthook = report
    main()
