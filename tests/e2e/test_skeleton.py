"""A failure that nothing reproduces: what is known of a test is staged, collected and skipped, and proven once it is filled in."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from conftest import Project

LEDGER = '''"""Ledgers."""

import os


class Entry:
    def __init__(self, amount: int, currency: str = "EUR") -> None:
        self.amount, self.currency = amount, currency

    def booked(self, when: "dict[str, int]", *, rate: float) -> int:
        if os.path.isdir("/srv/ledger/closed"):
            raise RuntimeError(f"closed on day {when['day']}")
        return round(self.amount * rate)
'''

LOG = """2026-02-05 05:33:10,000 ERROR shop: booking failed
Traceback (most recent call last):
  File "/srv/app/shop/ledger.py", line 12, in booked
    raise RuntimeError(f"closed on day {when['day']}")
RuntimeError: closed on day 7
"""


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    """A project that fails where no test can follow."""
    root = tmp_path / "shop-project"
    for folder in ("shop", "logs", "tests"):
        (root / folder).mkdir(parents=True)
    (root / "shop" / "__init__.py").write_text("")
    (root / "shop" / "ledger.py").write_text(LEDGER)
    (root / "logs" / "app.log").write_text(LOG)
    (root / "guwu.toml").write_text('logs = ["logs"]\ntest-roots = ["tests"]\n')
    return Project(root)


def skeleton_of(project: Project) -> tuple[dict[str, Any], Path]:
    """The one skeleton and where it was staged."""
    (group,) = project.json("scan")["groups"]
    assert group["status"] == "skeleton"
    (candidate,) = [c for c in group["candidates"] if c["strategy"] == "skeleton"]
    (staged,) = project.root.rglob("test_booked_unit.py")
    return candidate, staged


def test_what_is_known_is_staged_and_skips_itself(shop: Project) -> None:
    before = shop.files()
    candidate, staged = skeleton_of(shop)
    assert (candidate["state"], candidate["tier"], candidate["confidence"]) == ("staged", "draft", 0)
    assert candidate["proofs"][0]["outcome"] == "skipped"
    assert staged.read_text() == candidate["content"]
    assert shop.files() == before, "the project itself is left alone"
    text = candidate["content"]
    ast.parse(text)
    for part in (
        "from shop.ledger import Entry",
        "when = ...  # ",
        "rate = ...  # float",
        "    amount=...,  # int",
        "entry.booked(when, rate=rate)  # raised RuntimeError in production",
        "RuntimeError: closed on day 7",
        "@pytest.mark.skip(",
    ):
        assert part in text, text
    assert "currency" not in text, "what has a default need not be filled in"
    shop.guwu("generate", candidate_id(shop))
    assert list(shop.root.rglob("test_booked_unit*.py")) == [staged], "a newer one takes its place"
    told = shop.guwu("list").stdout
    assert "skeleton" in told
    # Taken over as it is, it is collected and skipped.
    shop.guwu("accept", candidate_id(shop))
    done = shop.pytest("tests")
    assert done.returncode == 0 and "1 skipped" in done.stdout, done.stdout


def test_filled_in_it_is_proven_like_any_other(shop: Project) -> None:
    _candidate, staged = skeleton_of(shop)
    told = shop.guwu("verify", candidate_id(shop))
    assert told.returncode == 0 and "fill it in" in told.stderr
    text = staged.read_text()
    lines = [line for line in text.splitlines() if not line.startswith("@pytest.mark.skip")]
    text = "\n".join(lines) + "\n"
    text = text.replace("when = ...", 'when = {"day": 7}').replace("rate = ...", "rate = 1.0")
    text = text.replace("amount=...", "amount=3").replace("():", "(monkeypatch):")
    text = text.replace("    entry.booked", '    monkeypatch.setattr("os.path.isdir", lambda path: True)\n    entry.booked')
    staged.write_text(text)
    (row,) = shop.json("verify", candidate_id(shop))["tests"]
    assert row["outcome"] == "red-same", row
    (shop.root / "shop" / "ledger.py").write_text(LEDGER.replace("os.path.isdir", "not os.path.isdir"))
    (row,) = shop.json("verify", candidate_id(shop))["tests"]
    assert row["verdict"] == "guards", row


def test_a_module_that_can_not_be_imported_is_imported_inside_of_the_test(shop: Project) -> None:
    ledger = shop.root / "shop" / "ledger.py"
    ledger.write_text(LEDGER.replace("import os\n", "import os\nimport a_driver_that_is_only_in_production\n"))
    log = shop.root / "logs" / "app.log"
    log.write_text(LOG.replace("line 12", "line 13"))
    candidate, _staged = skeleton_of(shop)
    assert "    from shop.ledger import Entry" in candidate["content"]
    assert candidate["proofs"][0]["outcome"] == "skipped"


def candidate_id(project: Project) -> str:
    """The id of the one group."""
    (group,) = project.json("list")["groups"]
    return str(group["fingerprint"][2:])
