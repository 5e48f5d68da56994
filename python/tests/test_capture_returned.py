"""What calls had returned to the functions of the trace."""

from __future__ import annotations

import asyncio
import runpy
from typing import Any

import pytest

from capture_support import Lines, logged


def price(reference: str) -> Any:
    return {"reference": reference, "token": "correct horse"}


async def price_soon(reference: str) -> Any:
    return price(reference)


class Shelf:
    """Has methods of every kind."""

    def __init__(self) -> None:
        self.made = lambda: 7

    def count(self) -> int:
        """Return a number."""
        return 1

    @classmethod
    def name(cls) -> str:
        """Return a text."""
        return "shelf"

    @staticmethod
    def place() -> str:
        """Return a text."""
        return "left"


def returned(lines: Lines) -> dict[str, Any]:
    """Return what the last frame of the only line tells of calls, by variable."""
    return {call["name"]: call for call in lines.one()["captured"]["frames"][-1].get("returned", [])}


def test_of_functions_and_methods(lines: Lines) -> None:
    def failing(shelf: Shelf) -> Any:
        found = price(
            "a",
        )
        typed: int = shelf.count()
        name = Shelf.name()
        place = shelf.place()
        missing = found["missing"]
        return typed, name, place, missing

    logged(lambda: failing(Shelf()))
    calls = returned(lines)
    module = __name__
    assert {name: call["function"] for name, call in calls.items()} == {
        "found": f"{module}:price",
        "typed": f"{module}:Shelf.count",
        "name": f"{module}:Shelf.name",
        "place": f"{module}:Shelf.place",
    }
    assert calls["typed"]["value"] == 1
    assert "async" not in calls["found"]
    assert calls["found"]["line"] == failing.__code__.co_firstlineno + 1
    assert "horse" not in lines.text


def test_of_what_was_awaited(lines: Lines) -> None:
    async def failing() -> Any:
        found = await price_soon("a")
        return found["missing"]

    logged(lambda: asyncio.run(failing()))
    assert returned(lines)["found"]["async"] is True


def test_nothing_where_the_variable_may_hold_something_else(lines: Lines) -> None:
    def failing(shelf: Any, given: Any) -> Any:
        twice = price("a")
        twice = [twice]
        given = shelf.count()
        part = price("a")["reference"]
        made = shelf.made()
        later = price("b")["missing"]
        later = price("b")
        return twice, given, part, made, later

    logged(lambda: failing(Shelf(), 1))
    assert returned(lines) == {}


def test_nothing_of_functions_that_are_not_the_applications(lines: Lines) -> None:
    import textwrap

    def failing() -> Any:
        text = textwrap.dedent(" a")
        return price(text)["missing"]

    logged(failing)
    assert returned(lines) == {}


@pytest.mark.parametrize("line", ["found = price('a'", "found = (", "found: 'x = price(1)"])
def test_a_source_that_is_not_what_runs(lines: Lines, tmp_path: Any, line: str) -> None:
    source = tmp_path / "changed.py"
    source.write_text("def failing(price):\n    found = price('a')\n    return found['missing']\n")
    names = runpy.run_path(str(source))
    source.write_text(f"def failing(price):\n    {line}\n    return found['missing']\n")
    logged(lambda: names["failing"](price))
    assert lines.one()["exceptions"][0]["type"] == "KeyError"
