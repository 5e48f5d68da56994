# ruff: noqa: D101, D102
"""What is told of what the application keeps in memory by a name."""

from __future__ import annotations

import enum
import logging
from collections import defaultdict, deque
from typing import Any, ClassVar, Optional

from capture_support import Lines, logged
from guwu.capture import _state

ORDERS: dict[int, Any] = {}
EMPTY: dict[str, int] = {}
QUEUE: deque[int] = deque(maxlen=3)
RATE = 1.5
NAME = "shop"
LOG = logging.getLogger("test.state")
UNTOUCHED = [1, 2]
SECRETS = defaultdict(list, {"api_key": ["sk_live_0123456789abcdef"]})


class Colour(enum.Enum):
    RED = 1


PAINT = Colour.RED


class Repository:
    cache: ClassVar[dict[str, int]] = {}

    def __init__(self) -> None:
        self.rows: list[int] = []

    def find(self, number: int) -> Any:
        return ORDERS.get(number) or self._cached(str(number))

    def _cached(self, key: str) -> Any:
        return self.cache.get(key)


class Service:
    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    def show(self, number: int) -> Any:
        found = self.repository.find(number)
        if EMPTY or RATE > 2 or PAINT is None or NAME is None:
            LOG.info("%s", number)
        return len(found)


SERVICE = Service(Repository())
_current: Optional[Service] = None


class Listens:
    def __init__(self) -> None:
        vars(self)["asked"] = []

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        raise AttributeError(name)


LISTENS = Listens()


def show(number: int) -> Any:
    return SERVICE.show(number)


def walk() -> Any:
    return [queued + LISTENS.rows for queued in QUEUE] + SECRETS["api_key"]


def state(lines: Lines) -> dict[str, Any]:
    """Return name and value of what the only line holds."""
    return {held["name"].partition(":")[2]: held["value"] for held in lines.one()["captured"].get("state", [])}


def test_what_functions_of_the_trace_and_those_they_call_name(lines: Lines) -> None:
    ORDERS[7] = None
    Repository.cache["8"] = 1
    try:
        logged(lambda: show(7))
    finally:
        ORDERS.clear()
        Repository.cache.clear()
    held = state(lines)
    assert set(held) == {"SERVICE", "ORDERS", "Repository.cache"}
    assert held["ORDERS"]["v"] == [[7, None]]
    assert held["Repository.cache"]["v"] == [["8", 1]]
    # It was written with the frames already.
    assert held["SERVICE"]["t"] == "ref"


def test_nothing_is_asked_and_secrets_stay_secret(lines: Lines) -> None:
    QUEUE.append(5)
    # What collects tests has asked it.
    LISTENS.asked.clear()
    try:
        logged(walk)
    finally:
        QUEUE.clear()
    held = state(lines)
    assert held["QUEUE"]["f"] == "collections:deque"
    assert LISTENS.asked == ["rows"]
    assert "LISTENS" in held
    assert "sk_live" not in lines.text


USERS = {"ann": "mean-9-secrets"}
ROWS = {"bob": ("bob-9-secrets", 3)}


def sign_in(name: str) -> Any:
    return [USERS[name], ROWS[name]]


def test_texts_that_no_name_tells_may_be_secrets(lines: Lines) -> None:
    logged(lambda: sign_in("ann"))
    assert not set(state(lines)) & {"USERS", "ROWS"}
    assert "9-secrets" not in lines.text


def test_what_is_named_nowhere_and_what_cannot_change_is_left_out(lines: Lines) -> None:
    logged(lambda: show(7))
    assert not set(state(lines)) & {"UNTOUCHED", "RATE", "NAME", "LOG", "PAINT", "EMPTY", "Colour"}


L00, L01, L02, L03, L04, L05, L06, L07, L08, L09, L10, L11, L12, L13, L14 = ([number] for number in range(15))


def many() -> Any:
    lists = [L00, L01, L02, L03, L04, L05, L06, L07, L08, L09, L10, L11, L12, L13, L14]
    return lists[99]


def test_functions_that_name_each_other_are_looked_at_once(lines: Lines) -> None:
    names = [f"step_{number}" for number in range(2 * _state._FUNCTIONS)]
    methods = "".join(f"    def {name}(self): return {{}}[{', '.join(f'self.{n}' for n in names)}]\n" for name in names)
    made: dict[str, Any] = {"__name__": __name__}
    exec(compile(f"class Steps:\n{methods}", __file__, "exec"), made)  # noqa: S102
    logged(made["Steps"]().step_0)
    assert lines.one()["captured"]["frames"]


def test_there_is_a_limit(lines: Lines) -> None:
    logged(many)
    assert len(state(lines)) == _state.MOST
