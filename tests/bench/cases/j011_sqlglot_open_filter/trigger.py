"""Report worker: takes the customers' saved MySQL queries from its database and rewrites them for DuckDB."""
import logging
import os
import sqlite3
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s [%(name)s] %(message)s",
)
log = logging.getLogger("reports.rewrite")

import sqlglot
from sqlglot.errors import ParseError

SAVED = [
    ("turnover", "SELECT DATE_FORMAT(paid, '%Y-%m'), SUM(total) FROM orders GROUP BY 1"),
    ("notes", "SELECT JSON_EXTRACT(payload, '$.note') FROM orders"),
    ("dear items", "SELECT JSON_EXTRACT(payload, '$.items[?(@.price > 10') FROM orders"),
    ("typo", "SELECT total FRM orders WHERE ("),
]


def saved_queries():
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE report (name TEXT, query TEXT)")
    database.executemany("INSERT INTO report VALUES (?, ?)", SAVED)
    return database.execute("SELECT name, query FROM report ORDER BY rowid")


def rewrite(query):
    return sqlglot.transpile(query, read="mysql", write="duckdb")[0]


def main():
    failed = 0
    for name, query in saved_queries():
        try:
            log.info("%s: %s", name, rewrite(query))
        except ParseError:
            log.warning("%s: this is no valid query", name)
        except Exception:
            log.exception("%s: not rewritten", name)
            failed += 1
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
