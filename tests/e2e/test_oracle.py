"""What a test asserts of the result: green with a real fix, red with one that only hides the exception."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Project

LABELS = '''"""Labels of parcels."""


def label(parcel) -> str:
    """What is printed."""
    return f"{parcel.name}/{parcel.weight:.1f}"


def state(parcel):
    """Where it is."""
    if parcel.place:
        return {"late": False, "where": parcel.place}
    return {"late": True}
'''

TRACE = """2026-02-05 05:33:1{n},000 ERROR shop: printing failed
Traceback (most recent call last):
  File "/srv/app/shop/labels.py", line {line}, in {function}
    {source}
AttributeError: 'NoneType' object has no attribute '{name}'
"""


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    """A project that failed twice."""
    root = tmp_path / "labels-project"
    for folder in ("shop", "logs", "tests"):
        (root / folder).mkdir(parents=True)
    (root / "shop" / "__init__.py").write_text("")
    (root / "shop" / "labels.py").write_text(LABELS)
    (root / "guwu.toml").write_text('logs = ["logs"]\ntest-roots = ["tests"]\n')
    log = ""
    for number, (function, part, name) in enumerate((("label", "f\"{parcel", "name"), ("state", 'if parcel', "place"))):
        lines = LABELS.splitlines()
        line = next(n for n, text in enumerate(lines) if part in text)
        log += TRACE.format(n=number, line=line + 1, function=function, source=lines[line].strip(), name=name)
    (root / "logs" / "app.log").write_text(log)
    return Project(root)


def test_the_answer_is_looked_at(shop: Project) -> None:
    groups = shop.json("scan")["groups"]
    tests = {c["path"].split("/")[-1]: c for g in groups for c in g["candidates"] if c["tier"] != "advise"}
    label, state = tests["test_label_unit.py"], tests["test_state_unit.py"]
    assert {p["outcome"] for c in (label, state) for p in c["proofs"]} == {"red-same"}
    assert "assert isinstance(result, str)" in label["content"]
    assert 'assert {"late"} <= set(result)' in state["content"]
    for name, test in tests.items():
        (shop.root / "tests" / name).write_text(test["content"])
    source = shop.root / "shop" / "labels.py"
    first = "    if parcel is None:\n        return {}\n"
    fixed = LABELS.replace('    return f"', first.format('""') + '    return f"')
    fixed = fixed.replace("    if parcel.place", first.format('{"late": None}') + "    if parcel.place")
    source.write_text(fixed)
    green = shop.pytest("tests")
    assert green.returncode == 0, green.stdout
    source.write_text(fixed.replace('return ""', "return None").replace('return {"late": None}', "return {}"))
    hidden = shop.pytest("tests")
    assert "2 failed" in hidden.stdout, hidden.stdout
    assert hidden.stdout.count("AssertionError") >= 2


SIBLINGS = '''"""Tests that were there before."""

from shop.labels import route


class Parcel:
    """One to send."""

    def __init__(self, place):
        self.place = place


def test_near():
    result = route(Parcel(["north", "south"]))
    assert result["carrier"] == "van"
    assert "stops" in result


def test_far():
    result = route(Parcel(["north"]))
    assert result["carrier"] == "van" and "stops" in result and result["stops"] == 1


def test_none():
    answer = route(Parcel([]))
    assert "stops" in answer
    assert answer["carrier"] == "van"
'''

ROUTE = '''"""Routes of parcels."""


def route(parcel):
    """Who brings it."""
    found = dict(carrier="van")
    found["stops"] = len(parcel.place)
    return found
'''


def test_what_all_tests_of_the_function_say_is_looked_at(shop: Project) -> None:
    (shop.root / "shop" / "labels.py").write_text(ROUTE)
    (shop.root / "tests" / "test_routes.py").write_text(SIBLINGS)
    source = 'found["stops"] = len(parcel.place)'
    log = TRACE.format(n=1, line=7, function="route", source=source, name="place")
    (shop.root / "logs" / "app.log").write_text(log)
    (group,) = shop.json("scan")["groups"]
    (test,) = group["candidates"]
    assert {p["outcome"] for p in test["proofs"]} == {"red-same"}, test
    assert 'assert result["carrier"] == "van"' in test["content"]
    assert 'assert "stops" in result' in test["content"]
    # Two of three look at it.
    assert 'result["stops"] ==' not in test["content"]
    (shop.root / "tests" / "test_found.py").write_text(test["content"])
    fixed = ROUTE.replace("    found = dict", "    if parcel is None:\n        return {}\n    found = dict")
    (shop.root / "shop" / "labels.py").write_text(fixed)
    hidden = shop.pytest("tests/test_found.py")
    assert "AssertionError" in hidden.stdout or "KeyError" in hidden.stdout, hidden.stdout
    (shop.root / "shop" / "labels.py").write_text(fixed.replace("return {}", 'return {"carrier": "van", "stops": 0}'))
    green = shop.pytest("tests/test_found.py")
    assert green.returncode == 0, green.stdout
