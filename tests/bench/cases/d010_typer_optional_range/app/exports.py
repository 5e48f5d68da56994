"""Command line of the reporting team."""
import logging
import sqlite3
from typing import Optional, Tuple

import typer

log = logging.getLogger("exports")
app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)

SALES = [("2025-11", 410), ("2025-12", 977), ("2026-01", 388), ("2026-02", 402)]


def open_database():
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE sales (month TEXT, amount INTEGER)")
    database.executemany("INSERT INTO sales VALUES (?, ?)", SALES)
    return database


@app.command()
def total(
    label: str,
    months: Optional[Tuple[str, str]] = typer.Argument(None, help="first and last month"),
):
    """Sum of the sales, of all months or of some."""
    database = open_database()
    if months is None:
        (amount,) = database.execute("SELECT sum(amount) FROM sales").fetchone()
    else:
        (amount,) = database.execute("SELECT sum(amount) FROM sales WHERE month BETWEEN ? AND ?", months).fetchone()
    log.info("%s: %d", label, amount)


@app.command()
def months():
    """The months that have sales."""
    for (month,) in open_database().execute("SELECT month FROM sales ORDER BY month"):
        log.info("month %s", month)
