"""Unit tests of the SQLite data source."""

import pytest

from core.services.sqlite_data_source import SQLiteDataSource


@pytest.mark.unit
class TestSQLiteDataSource:
    def test_query_returns_dicts(self) -> None:
        # ARRANGE
        source = SQLiteDataSource()

        # ACT
        changed = source.execute_many("INSERT INTO edges VALUES (?, ?, ?)", [("a", "b", "knows")])
        rows = source.query("SELECT source, relation FROM edges WHERE target = ?", ("b",))

        # ASSERT
        assert changed == 1
        assert rows == [{"source": "a", "relation": "knows"}]
        source.close()
