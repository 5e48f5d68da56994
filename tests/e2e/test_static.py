"""Code that no test can reach: whether caller and callee fit is looked at on the real objects, without running either."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from conftest import Project

LEDGER = '''"""Ledgers."""

import os

from shop import archive


def close(day):
    if os.path.isdir("/srv/ledger/closed"):
        return archive.store(day, compress=True)
    return None
'''

ARCHIVE = '''"""Archives."""


def store(day, *, level=3):
    """Puts a day away."""
    return (day, level)
'''

LOG = """2026-02-05 05:33:10,000 ERROR shop: not closed
Traceback (most recent call last):
  File "/srv/app/shop/ledger.py", line 10, in close
    return archive.store(day, compress=True)
TypeError: store() got an unexpected keyword argument 'compress'
"""


@pytest.mark.parametrize(
    ("module", "before", "after"),
    [("ledger.py", "compress=True", "level=9"), ("archive.py", "level=3", "level=3, compress=False")],
    ids=["caller-mended", "callee-mended"],
)
def test_a_call_that_nothing_takes_is_seen_without_running_it(
    tmp_path: Path, module: str, before: str, after: str
) -> None:
    shop = Project(tmp_path / "project")
    for folder in ("shop", "logs", "tests"):
        (shop.root / folder).mkdir(parents=True)
    (shop.root / "shop" / "__init__.py").write_text("")
    (shop.root / "shop" / "ledger.py").write_text(LEDGER)
    (shop.root / "shop" / "archive.py").write_text(ARCHIVE)
    (shop.root / "logs" / "app.log").write_text(LOG)
    (shop.root / "guwu.toml").write_text('logs = ["logs"]\ntest-roots = ["tests"]\n')

    (group,) = shop.json("scan")["groups"]
    (candidate,) = group["candidates"]
    assert (candidate["strategy"], candidate["tier"]) == ("static", "draft"), candidate
    ast.parse(candidate["content"])
    test = shop.root / "tests" / "test_fits.py"
    test.write_text(candidate["content"])
    red = shop.pytest("tests/test_fits.py")
    assert red.returncode == 1 and "unexpected keyword argument 'compress'" in red.stdout, red.stdout
    mended = shop.root / "shop" / module
    mended.write_text(mended.read_text().replace(before, after))
    green = shop.pytest("tests/test_fits.py")
    assert green.returncode == 0, green.stdout
