# ruff: noqa: D102, ARG002
"""What a parameter was bound to when the call began, where its function has bound it anew since."""

from __future__ import annotations

import asyncio
import functools
from typing import Any, Optional

import pytest

from capture_support import Lines, logged


def fail() -> Any:
    raise KeyError("x")


def wrapped(value: Any, *, of: str = "row") -> None:
    if not isinstance(value, list):
        value = [value]
    of = of.upper()
    fail()


def filled(first: int, value: Optional[list[int]] = None) -> None:
    value = value or [first]
    fail()


def taken(**options: int) -> None:
    options.pop("size")
    fail()


def untouched(value: int) -> None:
    if value > 100:
        value = 100
    else:
        fail()
    value = 0


def later(value: Any) -> None:
    fail()
    value = None  # noqa: F841


def walked(node: Any) -> None:
    while node:
        if node == [3]:
            fail()
        node = node[1:]


async def awaited(value: str) -> None:
    value = value.strip()
    fail()


def in_cell(value: str) -> None:
    def shown() -> str:
        return value

    value = shown() * 2
    fail()


def decorated(function: Any) -> Any:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


class Desk:
    """A receiver with a slot-less state."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows
        rows = list(rows)
        if rows == [0]:
            fail()

    def take(self, row: Any, note: str = "") -> None:
        row = {"row": row}
        fail()

    @classmethod
    def make(cls, row: Any) -> None:
        row = [row]
        fail()

    @staticmethod
    def drop(row: Any) -> None:
        row = [row]
        fail()

    @decorated
    def keep(self, row: Any) -> None:
        row = [row]
        fail()

    def all(self) -> None:
        self.take(self.rows, note="n")


class Long(Desk):
    """Calls what it inherits."""

    def take(self, row: Any, note: str = "") -> None:
        super().take(row, note)


def calls_wrapped(row: str) -> None:
    wrapped(row, of="r")


def calls_filled() -> None:
    filled(4)


def calls_taken(given: dict[str, int]) -> None:
    taken(size=3, **given)


def calls_partly(row: str) -> None:
    part = functools.partial(wrapped, of="part")
    part(row)


def calls_computed(row: str) -> None:
    wrapped(row + "!", of="r")


def calls_among_lines(row: str) -> None:
    wrapped(
        row,
        of="r",
    )


def calls_in_with(row: str) -> None:
    rows = [row]
    for each in rows:
        wrapped(each)


def calls_by_list(rows: list[int]) -> None:
    list(map(wrapped, rows))


async def calls_awaited(value: str) -> None:
    await awaited(value)


def drop_row(desk: Desk, row: int) -> None:
    desk.drop(row)


def keep_row(desk: Desk, row: int) -> None:
    desk.keep(row)


def make_row(row: int) -> None:
    Desk.make(row)


def new_desk(rows: Any) -> None:
    Desk(rows)


def take_long(desk: Long, row: int) -> None:
    desk.take(row)


@pytest.mark.parametrize(
    ("call", "function", "expected"),
    [
        (lambda: calls_wrapped("a"), "wrapped", {"value": "a", "of": "r"}),
        (calls_filled, "filled", {"first": 4, "value": None}),
        (lambda: calls_partly("a"), "wrapped", {"value": "a", "of": "part"}),
        (lambda: calls_among_lines("a"), "wrapped", {"value": "a", "of": "r"}),
        (lambda: calls_in_with("a"), "wrapped", {"value": "a", "of": "row"}),
        (lambda: asyncio.run(calls_awaited(" a")), "awaited", {"value": " a"}),
        (lambda: Desk((7,)).all(), "take", {"note": "n", "row": {"t": "tuple", "v": [7]}}),
        (lambda: drop_row(Desk(()), 5), "drop", {"row": 5}),
        (lambda: keep_row(Desk(()), 5), "keep", {"row": 5}),
        (lambda: make_row(5), "make", {"row": 5}),
        (lambda: new_desk((0,)), "__init__", {"rows": {"t": "tuple", "v": [0]}}),
        (lambda: in_cell("ab"), "in_cell", {"value": "ab"}),
    ],
)
def test_what_the_caller_passed_is_told(call: Any, function: str, expected: Any, lines: Lines) -> None:
    logged(call)
    told = {each["name"]: each["value"] for each in frame_of(lines, function)["arguments"]}
    assert {name: told[name] for name in expected} == expected
    assert rebound(lines, function) == []


def test_an_overridden_method_passes_on_what_it_got(lines: Lines) -> None:
    logged(lambda: take_long(Long(()), 5))
    frames = {frame["qualname"]: frame for frame in lines.frames()}
    told = {each["name"]: each for each in frames["Desk.take"]["arguments"]}
    assert told["row"]["value"] == 5
    assert "rebound" not in told["row"]


def test_keywords_that_were_taken_out_are_there_again(lines: Lines) -> None:
    logged(lambda: calls_taken({"depth": 4}))
    assert lines.arguments("taken")["options"]["v"] == [["size", 3], ["depth", 4]]


@pytest.mark.parametrize(
    ("call", "function", "name"),
    [
        # What is computed on the way is not computed again.
        (lambda: calls_computed("a"), "wrapped", "value"),
        (lambda: calls_by_list([1]), "wrapped", "value"),
        (lambda: walked([1, 2, 3].copy()), "walked", "node"),
    ],
)
def test_what_cannot_be_told_is_marked(call: Any, function: str, name: str, lines: Lines) -> None:
    logged(call)
    assert name in rebound(lines, function)


@pytest.mark.parametrize("function", [untouched, later])
def test_what_is_bound_later_is_the_argument_still(function: Any, lines: Lines) -> None:
    logged(lambda: function(7))
    assert lines.arguments(function.__name__) == {"value": 7}
    assert rebound(lines, function.__name__) == []


class Trap:
    """Runs code when it is asked for an attribute."""

    asked = 0

    def __getattribute__(self, name: str) -> Any:
        Trap.asked += 1
        return object.__getattribute__(self, name)

    @property
    def row(self) -> str:
        return "a"


class Shelf:
    """Computes what it is asked for."""

    asked = 0

    @property
    def row(self) -> str:
        Shelf.asked += 1
        return "a"


def calls_trap(trap: Any) -> None:
    wrapped(trap.row)


@pytest.mark.parametrize("kind", [Trap, Shelf])
def test_nothing_of_the_application_runs(kind: Any, lines: Lines) -> None:
    kind.asked = 0
    trap = kind()
    logged(lambda: calls_trap(trap))
    assert kind.asked == 1
    assert "value" in rebound(lines, "wrapped")


def frame_of(lines: Lines, function: str) -> Any:
    """Return the innermost frame of a function; what decorates it has its name too."""
    return [frame for frame in lines.frames() if (frame["qualname"] or "").rpartition(".")[2] == function][-1]


def rebound(lines: Lines, function: str) -> list[str]:
    return [each["name"] for each in frame_of(lines, function)["arguments"] if each.get("rebound")]
