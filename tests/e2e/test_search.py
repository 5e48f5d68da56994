"""A failure of which only the log is known: the call that shows it is searched for, proven, and turns green with the fix."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Project, clean_environment

SPANS = '''"""Spans of pages, as people type them."""


class Span:
    """`2:10`, `:5`, `7:`."""

    def __init__(self, text: str) -> None:
        start, _, stop = text.partition(":")
        self.start = int(start) if start else None
        self.stop = int(stop) if stop else None

    def joined(self, other):
        """One span over both."""
        first, second = (other, self) if self.start > other.start else (self, other)
        return (first.start, second.stop)
'''

FIXED = SPANS.replace("self.start > other.start", "(self.start or 0) > (other.start or 0)")

# It is deployed elsewhere: the project that is scanned does not hold it.
APPLICATION = '''
import logging

from pages.spans import Span

log = logging.getLogger("splitter")


def merge(texts):
    total = Span(texts[0])
    for text in texts[1:]:
        total = total.joined(Span(text))
    return total


def main():
    ranges = [":5", "2:10"]
    log.info("POST /split ranges=%s", ",".join(ranges))
    try:
        merge(ranges)
    except Exception:
        log.exception("POST /split failed")


logging.basicConfig(filename="logs/app.log", format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)
main()
'''


@pytest.fixture
def pages(tmp_path: Path) -> Project:
    """A project whose caller is not there, after it failed."""
    root = tmp_path / "pages-project"
    (root / "pages").mkdir(parents=True)
    (root / "pages" / "__init__.py").write_text("")
    (root / "pages" / "spans.py").write_text(SPANS)
    (root / "logs").mkdir()
    (root / "tests").mkdir()
    (root / "guwu.toml").write_text('logs = ["logs"]\ntest-roots = ["tests"]\n')
    application = tmp_path / "deployed" / "application.py"
    application.parent.mkdir()
    application.write_text(APPLICATION)
    subprocess.run(
        [sys.executable, str(application)], cwd=root, env={**clean_environment(), "PYTHONPATH": str(root)}, check=True
    )
    return Project(root)


def kept(report: dict[str, Any]) -> dict[str, Any]:
    """The one candidate of the one group."""
    (group,) = report["groups"]
    (candidate,) = group["candidates"]
    assert isinstance(candidate, dict)
    return candidate


def test_the_search_finds_a_call_that_the_line_and_the_message_do_not_tell(pages: Project) -> None:
    candidate = kept(pages.json("scan"))
    assert candidate["strategy"] == "search"
    assert candidate["tier"] in ("create", "draft")
    assert ".joined(" in candidate["content"]
    test = pages.root / "tests" / "test_searched.py"
    test.write_text(candidate["content"])
    red = pages.pytest("tests/test_searched.py")
    assert red.returncode == 1 and "TypeError" in red.stdout, red.stdout
    (pages.root / "pages" / "spans.py").write_text(FIXED)
    green = pages.pytest("tests/test_searched.py")
    assert green.returncode == 0, green.stdout


def test_nothing_is_kept_when_no_call_fails_any_more(pages: Project) -> None:
    (pages.root / "pages" / "spans.py").write_text(FIXED)
    report = pages.json("scan")
    (group,) = report["groups"]
    assert all(c["tier"] == "advise" for c in group["candidates"]), group["candidates"]
    assert group["status"] == "advised", "the failing line is gone, so there is nothing to fill in either"


def test_a_line_of_a_log_never_becomes_code(pages: Project) -> None:
    canary = pages.root / "canary"
    log = pages.root / "logs" / "app.log"
    evil = f"total.joined(__import__('pathlib').Path({str(canary)!r}).touch())"
    log.write_text(log.read_text().replace("total = total.joined(Span(text))", evil))
    pages.json("scan")
    report = pages.guwu("generate", pages.json("list")["groups"][0]["fingerprint"][2:], "--dry-run")
    assert not canary.exists()
    assert ".joined(" in report.stdout, "it still searches"
    assert "__import__(" not in report.stdout and ".touch(" not in report.stdout
