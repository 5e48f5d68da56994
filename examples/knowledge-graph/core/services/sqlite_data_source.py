"""SQLite implementation of the data source contract."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from threading import Lock
from typing import Any

from core.interfaces.data_source import DataSource

SCHEMA = """
CREATE TABLE IF NOT EXISTS nodes (
    node_id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    kind TEXT NOT NULL,
    properties TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS edges (
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    relation TEXT NOT NULL,
    PRIMARY KEY (source, target, relation)
);
"""


class SQLiteDataSource(DataSource):
    """One SQLite connection, shared between the request threads."""

    def __init__(self, database: str = ":memory:") -> None:
        self.database = database
        self._lock = Lock()
        self._connection = sqlite3.connect(database, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(SCHEMA)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        with self._lock, closing(self._connection.execute(sql, parameters)) as cursor:
            return [dict(row) for row in cursor.fetchall()]

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        with self._lock, self._connection, closing(self._connection.executemany(sql, rows)) as cursor:
            return cursor.rowcount

    def close(self) -> None:
        self._connection.close()
