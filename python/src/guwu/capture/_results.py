"""Rows that queries gave: of sqlite3, and of SQLAlchemy where it maps nothing. By what their columns are called.

Only exactly their own classes are read, by their own methods. Nothing is fetched, and no database is asked.
"""

from __future__ import annotations

from typing import Any

from guwu.capture._known import Write, call

#: What a class that is read is written as.
_SQLITE, _SQLALCHEMY = "sqlite3:Row", "sqlalchemy.engine.row:Row"
_MAPPING = "sqlalchemy.engine.row:RowMapping"


def _row(encoder: Any, value: Any, f: str, names: list[Any], held: list[Any], depth: int, secret: int) -> Any:
    columns = dict(zip(names, held))
    if len(columns) != len(held) or any(type(name) is not str for name in names):
        # Two columns of one name, or one that is known by its expression alone.
        return encoder.opaque(type(value), "native")
    node = encoder.known_as(value, call(f))
    node["args"] = [encoder.node(columns, depth, secret)]
    return node


def _write_sqlite(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    cls = type(value)
    return _row(encoder, value, _SQLITE, cls.keys(value), list(cls.__iter__(value)), depth, secret)


def _write_sqlalchemy(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    return _row(encoder, value, _SQLALCHEMY, list(value._fields), list(value), depth, secret)


def _write_mapping(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    return _row(encoder, value, _MAPPING, list(value.keys()), list(value.values()), depth, secret)


#: By name: who has none of them need not import their modules.
BY_NAME: dict[str, Write] = {_SQLITE: _write_sqlite, _SQLALCHEMY: _write_sqlalchemy, _MAPPING: _write_mapping}
