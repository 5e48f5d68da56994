"""Rows that queries gave are written by their columns."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from capture_support import encode


def _columns(node: Any) -> Any:
    (columns,) = node["args"]
    return columns["v"]


def _row(query: str) -> Any:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    try:
        return connection.execute(query).fetchone()
    finally:
        connection.close()


def test_of_sqlite() -> None:
    node = encode(_row("SELECT 2 AS number, 'Ann' AS name, NULL AS body, count(*)"))
    assert node["f"] == "sqlite3:Row"
    assert _columns(node) == [["number", 2], ["name", "Ann"], ["body", None], ["count(*)", 1]]


def test_columns_that_are_secrets() -> None:
    node = encode(_row("SELECT 1 AS number, 'correct horse' AS password"))
    assert _columns(node)[1][1]["t"] == "redacted"


def test_two_columns_of_one_name_are_not_told() -> None:
    assert encode(_row("SELECT 1 AS a, 2 AS a"))["t"] == "opaque"


def test_a_class_below_is_not_asked() -> None:
    class Row(sqlite3.Row):
        def keys(self) -> Any:
            raise AssertionError

    connection = sqlite3.connect(":memory:")
    connection.row_factory = Row
    row = connection.execute("SELECT 1 AS a").fetchone()
    connection.close()
    assert encode(row)["t"] in ("opaque", "object")


def test_of_sqlalchemy() -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    engine = sqlalchemy.create_engine("sqlite://")
    query = sqlalchemy.select(sqlalchemy.literal(2).label("number"), sqlalchemy.literal("Ann").label("name"))
    with engine.connect() as connection:
        row = connection.execute(query).one()
        mapping = connection.execute(query).mappings().one()
    engine.dispose()
    assert encode(row)["f"] == "sqlalchemy.engine.row:Row"
    assert encode(mapping)["f"] == "sqlalchemy.engine.row:RowMapping"
    assert _columns(encode(row)) == _columns(encode(mapping)) == [["number", 2], ["name", "Ann"]]
