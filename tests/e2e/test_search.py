"""A failure of which only the log is known: the call that shows it is searched for, proven, and turns green with the fix."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Project, failed

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
    return failed(tmp_path, "pages/spans.py", SPANS, APPLICATION)


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


SLOTS = '''"""When jobs run: `mon/2, sat @ 7` is every second day from Monday on, and Saturday, at seven."""

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def slots(text: str) -> list:
    """Day and hour of each run of a week."""
    days, sign, hour = text.partition("@")
    if not sign or not hour.strip().isdigit():
        return []
    found = []
    for part in days.split(","):
        name, _, step = part.strip().partition("/")
        if name in DAYS:
            found.extend(runs(name, step, int(hour)))
    return found


def runs(name, step, hour):
    """The runs of one part."""
    first = DAYS.index(name)
    return [(day, hour) for day in range(first, 7) if not (day - first) % int(step or 1)]
'''

SCHEDULER = '''
import logging
import sys

from jobs.slots import slots

logging.basicConfig(filename="logs/app.log", format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)


def main():
    for rule in sys.stdin.read().splitlines():
        try:
            slots(rule)
        except Exception:
            logging.getLogger("scheduler").exception("a job was not planned")


main()
'''


@pytest.fixture
def jobs(tmp_path: Path) -> Project:
    """A project that failed over a text of which the log says nothing."""
    rules = "mon/2, sat @ 7\ntue @ 9\nwed/0 @ 9\n"
    return failed(tmp_path, "jobs/slots.py", SLOTS, SCHEDULER, rules)


def test_a_text_of_which_nothing_is_known_is_found_by_how_far_it_comes(jobs: Project) -> None:
    candidate = kept(jobs.json("scan"))
    assert candidate["strategy"] == "search"
    assert "slots(" in candidate["content"] and "/0" in candidate["content"], candidate["content"]
    test = jobs.root / "tests" / "test_searched.py"
    test.write_text(candidate["content"])
    red = jobs.pytest("tests/test_searched.py")
    assert red.returncode == 1 and "ZeroDivisionError" in red.stdout, red.stdout
    (jobs.root / "jobs" / "slots.py").write_text(SLOTS.replace("int(step or 1)", "(int(step or 1) or 1)"))
    green = jobs.pytest("tests/test_searched.py")
    assert green.returncode == 0, green.stdout


LEDGER = '''"""A ledger of accounts."""


class Ledger:
    """Accounts by their names."""

    def __init__(self):
        self.accounts = {}

    def account(self, name):
        """The account of that name."""
        if not name.isalpha():
            raise ValueError("`%s` is no name" % name)
        return self.accounts.setdefault(name, Account())

    def report(self):
        """All that was booked."""
        return [line for account in self.accounts.values() for line in account.lines()]


class Account:
    """What was booked."""

    def __init__(self):
        self.entries = []

    def book(self, amount, text=None):
        """One entry."""
        self.entries.append((amount + 0, text))

    def lines(self):
        """The entries as lines."""
        return [text.strip() + ": %s" % amount for amount, text in self.entries]
'''

BOOKKEEPER = '''
import logging

from books.ledger import Ledger

logging.basicConfig(filename="logs/app.log", format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)


def main():
    ledger = Ledger()
    travel = ledger.account("travel")
    travel.book(12.5, "train")
    travel.book(3)
    try:
        ledger.report()
    except Exception:
        logging.getLogger("books").exception("no report")


main()
'''


def test_calls_that_bring_an_object_into_the_state_in_which_it_failed_are_found(tmp_path: Path) -> None:
    books = failed(tmp_path, "books/ledger.py", LEDGER, BOOKKEEPER)
    candidate = kept(books.json("scan"))
    content = candidate["content"]
    assert "made = subject.account(" in content and "    made.book(" in content, content
    assert "subject.report()" in content, "from the outermost function"
    assert candidate["tier"] == "draft", "what exploring found is never created"
    test = books.root / "tests" / "test_searched.py"
    test.write_text(content)
    red = books.pytest("tests/test_searched.py")
    assert red.returncode == 1 and "AttributeError" in red.stdout, red.stdout
    (books.root / "books" / "ledger.py").write_text(LEDGER.replace("text.strip()", '(text or "").strip()'))
    green = books.pytest("tests/test_searched.py")
    assert green.returncode == 0, green.stdout
