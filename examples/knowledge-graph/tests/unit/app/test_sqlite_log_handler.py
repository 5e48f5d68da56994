"""Unit tests of the SQLite log handler."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.sqlite_log_handler import SQLiteLogHandler


@pytest.mark.unit
class TestSQLiteLogHandler:
    def test_stores_traceback_and_duration(self, tmp_path: Path) -> None:
        # ARRANGE
        path = tmp_path / "app_logs.db"
        handler = SQLiteLogHandler(path)
        logger = logging.Logger("sample")
        logger.addHandler(handler)

        # ACT
        logger.info("took %d", 5, extra={"duration_ms": 1.5})
        try:
            raise ValueError("no luck")
        except ValueError:
            logger.exception("It failed")
        handler.close()

        # ASSERT
        with closing(sqlite3.connect(str(path))) as connection:
            rows = connection.execute(
                "SELECT level, logger, message, duration_ms FROM application_logs"
            ).fetchall()
        assert rows[0] == ("INFO", "sample", "took 5", 1.5)
        assert rows[1][2].startswith("It failed\nTraceback (most recent call last):")
        assert rows[1][2].endswith("ValueError: no luck")
