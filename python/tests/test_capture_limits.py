"""What is written of a failure is bounded in depth, breadth, size and time; what was cut says so."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from capture_support import Lines, encode, encoder, logged
from guwu import capture
from guwu.capture._encode import STEPS
from guwu.capture._seen import Rate


def _depth(node: Any) -> int:
    return 1 + _depth(node["v"][0]) if isinstance(node, dict) and node["v"] else 0


def test_depth_is_limited() -> None:
    nested: Any = []
    for _ in range(20):
        nested = [nested]
    node = encode(nested, capture.Limits(depth=5))
    assert _depth(node) == 5
    assert '"cut": true' in json.dumps(node)


def test_what_was_too_deep_in_one_place_is_whole_in_another() -> None:
    shared = [[1]]
    nested: Any = shared
    for _ in range(3):
        nested = [nested]
    node = encode([nested, [[]], shared], capture.Limits(depth=4))
    text = json.dumps(node)
    assert '"v": [1]' in text
    assert '"cut"' not in text


def test_breadth_is_limited_and_counted() -> None:
    limits = capture.Limits(breadth=3)
    assert encode(list(range(10)), limits)["cut"] == 7
    assert encode(dict.fromkeys(range(10), 1), limits)["cut"] == 7
    assert encode(set(range(10)), limits)["cut"] == 7
    assert encode(tuple(range(3)), limits).get("cut") is None


def test_texts_are_limited() -> None:
    limits = capture.Limits(text=10)
    assert encode("x" * 25, limits) == {"t": "str", "v": "x" * 10, "cut": 15}
    assert encode(b"x" * 25, limits)["cut"] == 15
    assert encode("x" * 10, limits) == "x" * 10


def test_nodes_are_limited() -> None:
    made = encoder(capture.Limits(nodes=100))
    node = made.root([[list(range(20)) for _ in range(20)] for _ in range(20)])
    made.run()
    assert made.steps < 200
    assert "cut" in json.dumps(node)


def test_a_large_argument_leaves_room_for_the_others() -> None:
    made = encoder(capture.Limits(nodes=500))
    large = made.root([[list(range(50)) for _ in range(50)] for _ in range(50)])
    small = made.root({"a": {"b": {"c": [1, 2, 3]}}})
    made.run()
    assert "cut" in json.dumps(large)
    assert "cut" not in json.dumps(small)


@pytest.mark.parametrize("budget", [4, 40])
def test_time_is_counted_in_steps(budget: int) -> None:
    # A clock by which every look takes a second: the work that is done is the looks that fit, times the steps between.
    clock = itertools.count()
    made = encoder(capture.Limits(nodes=10**6, breadth=10**6), clock=lambda: float(next(clock)))
    made._deadline = float(budget)
    node = made.root([[list(range(100)) for _ in range(100)] for _ in range(100)])
    made.run()
    assert next(clock) <= budget + 3
    assert made.steps <= (budget + 3) * STEPS + 200
    assert made.notes == {"time"}
    assert "cut" in json.dumps(node)


def test_without_any_time_every_argument_has_its_top_level(tmp_path: Path) -> None:
    clock = itertools.count(step=1_000)
    path = tmp_path / "failures.jsonl"
    capture.install(path, roots=Path(__file__).parent, clock=lambda: float(next(clock)))

    def fails(first: Any, second: Any, third: Any) -> None:  # noqa: ARG001
        raise KeyError

    try:
        logged(lambda: fails([1, [2]], {"a": 1, "b": list(range(300))}, "text"))
    finally:
        capture.uninstall()
    arguments = Lines(path).arguments("fails")
    assert arguments["first"]["v"][0] == 1
    assert [key for key, _ in arguments["second"]["v"]] == ["a", "b"]
    assert arguments["third"] == "text"
    assert "time" in Lines(path).one()["captured"]["notes"]


def test_a_line_is_never_longer_than_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "failures.jsonl"
    limits = capture.Limits(line=4_000, seconds=60)
    capture.install(path, roots=Path(__file__).parent, limits=limits)

    def fails(argument: Any) -> None:  # noqa: ARG001
        raise KeyError("x" * 300)

    try:
        logged(lambda: fails(["é" * 100 for _ in range(1_000)]))
    finally:
        capture.uninstall()
    assert len(path.read_bytes()) <= 4_000
    assert "size" in Lines(path).one()["captured"]["notes"]


def test_the_same_failure_is_written_with_values_a_few_times_a_minute(tmp_path: Path) -> None:
    path = tmp_path / "failures.jsonl"
    limits = capture.Limits(per_minute=2, light_per_minute=3, seconds=60)
    capture.install(path, roots=Path(__file__).parent, limits=limits)

    def fails(number: int) -> None:
        raise KeyError(number)

    def fails_otherwise(number: int) -> None:
        raise KeyError(number)

    try:
        for number in range(10):
            logged(lambda number=number: fails(number))  # type: ignore[misc]
        logged(lambda: fails_otherwise(1))
        assert capture.stats()["limited"] == 5
    finally:
        capture.uninstall()
    written = Lines(path).all()
    assert [bool(line["captured"]["frames"]) for line in written] == [True, True, False, False, False, True]
    assert [line["captured"]["notes"] for line in written] == [[], [], ["rate"], ["rate"], ["rate"], []]
    assert all(line["exceptions"][0]["frames"] for line in written)


def test_the_rate_is_by_minute_and_remembers_a_bounded_number_of_failures() -> None:
    rate = Rate(full=1, light=1)
    assert [rate.next("a", now) for now in (0.0, 1.0, 2.0, 3.0)] == [(True, 0), (False, 0), (None, 0), (None, 0)]
    assert rate.next("b", 3.0) == (True, 0)
    assert rate.next("a", 61.0) == (True, 2)
    for number in range(5_000):
        rate.next(number, 0.0)
    assert len(rate._counts) <= 1_024
