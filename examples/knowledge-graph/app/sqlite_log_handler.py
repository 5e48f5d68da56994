"""Logging handler that keeps the records in a SQLite table."""

import logging
import sqlite3
from datetime import datetime
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS application_logs (
    id INTEGER PRIMARY KEY,
    timestamp TEXT NOT NULL,
    level TEXT NOT NULL,
    logger TEXT NOT NULL,
    message TEXT NOT NULL,
    duration_ms REAL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%S', 'now'))
)
"""
INSERT = (
    "INSERT INTO application_logs (timestamp, level, logger, message, duration_ms) VALUES (?, ?, ?, ?, ?)"
)


class SQLiteLogHandler(logging.Handler):
    """Writes each record as one row; a traceback becomes part of the message."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._connection = sqlite3.connect(str(path), check_same_thread=False)
        with self._connection:
            self._connection.execute(SCHEMA)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            timestamp = datetime.fromtimestamp(record.created).isoformat(timespec="microseconds")
            duration_ms = getattr(record, "duration_ms", None)
            row = (timestamp, record.levelname, record.name, self.format(record), duration_ms)
            with self._connection:
                self._connection.execute(INSERT, row)
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        self._connection.close()
        super().close()
