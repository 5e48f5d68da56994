"""Tables and columns of pandas, and queries that were not asked yet."""

from __future__ import annotations

from typing import Any

import pytest

from capture_support import encode, rebuild


def test_small_values_of_pandas_are_made_again() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"sku": ["a", "b"], "price": [1.5, None]}, index=[3, 7])
    assert rebuild(encode(frame)).equals(frame)
    column = pandas.Series([1, 2], name="amount", dtype="int16")
    made = rebuild(encode(column))
    assert made.equals(column)
    assert (made.name, made.dtype) == ("amount", column.dtype)
    for moment in (pandas.Timestamp("2026-02-05T05:33:10", tz="UTC"), pandas.Timedelta(hours=3)):
        assert rebuild(encode(moment)) == moment
    assert rebuild(encode(pandas.NaT)) is pandas.NaT
    dates = pandas.DatetimeIndex(["2026-02-05", "2026-02-06"])
    assert list(rebuild(encode(dates))) == list(dates)


def test_large_tables_are_notes_of_their_shape() -> None:
    pandas = pytest.importorskip("pandas")
    node = encode(pandas.DataFrame({"n": range(10_000)}))
    assert (node["t"], node["shape"]) == ("opaque", [10_000, 1])


def test_a_table_of_the_applications_own_objects_is_not_asked_for_them() -> None:
    pandas = pytest.importorskip("pandas")

    class Loud:
        def __repr__(self) -> str:
            raise AssertionError

    node = encode(pandas.DataFrame({"of": [Loud()]}))
    assert "Loud" in str(node)


def test_a_query_is_not_asked() -> None:
    query: Any = pytest.importorskip("django.db.models.query")

    class Asked(query.QuerySet):  # type: ignore[misc]
        def __iter__(self) -> Any:
            raise AssertionError

    for cls in (query.QuerySet, Asked):
        # Nothing is set up that could be asked.
        node = encode(cls.__new__(cls))
        assert (node["t"], node["why"]) == ("opaque", "lazy")
