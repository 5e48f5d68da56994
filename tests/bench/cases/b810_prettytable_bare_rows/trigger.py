"""Nightly job of a rental station: mails what is due and what is out."""
import logging
import os
import sqlite3
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-8s %(name)s: %(message)s",
)
log = logging.getLogger("ops.nightly")

from ops.tables import summary, with_header

RENTALS = [
    (1, "trailer", "Clausen", "2026-11-26"),
    (2, "scaffold", "Bau Nord", "2026-11-30"),
    (3, "generator", "Feuerwehr", None),
    (4, "trailer", "Momsen", "2026-11-27"),
]
JOBS = [
    ("all rentals", with_header, "select tool, customer, due from rental order by id"),
    ("by tool", summary, "select tool, count(*), min(id) from rental group by tool order by tool"),
    ("next due", summary, "select tool, min(due) from rental group by tool order by tool"),
    ("customers", summary, "select customer from rental order by customer"),
]


def main():
    database = sqlite3.connect(":memory:")
    database.execute("create table rental (id integer primary key, tool text, customer text, due text)")
    database.executemany("insert into rental values (?, ?, ?, ?)", RENTALS)
    failed = 0
    for title, render, statement in JOBS:
        try:
            text = render(database.execute(statement))
        except Exception:
            log.exception("section %r left out", title)
            failed += 1
        else:
            log.info("section %r: %d lines", title, len(text.splitlines()))
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
