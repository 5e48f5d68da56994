"""What `guwu.capture` recorded: a small program with a bug that no log line tells enough about, run for real."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY, Project, clean_environment, failed

SHOP = '''"""Prices of orders."""


class Discount:
    """Takes a percentage off from a minimum on."""

    def __init__(self, percent, minimum=None):
        self.percent = percent
        self.minimum = minimum


class Order:
    """What a customer wants."""

    def __init__(self, lines, discount):
        self.lines = lines
        self.discount = discount
        self.history = [f"line {line['sku']}" for line in lines]

    def total(self, currency="EUR", note=None):
        """The sum after the discount."""
        total = sum(line["price"] * line["qty"] for line in self.lines)
        return apply(self.discount, total)


def apply(discount, total):
    """What is left to pay."""
    if total >= discount.minimum:
        return total - total * discount.percent // 100
    return total
'''

PROGRAM = '''
import logging, sys
sys.path.insert(0, sys.argv[1])
import guwu.capture
from shop import Discount, Order

guwu.capture.install()
logging.basicConfig(filename="app/logs/app.log", format="%(asctime)s %(levelname)s %(name)s: %(message)s")
for number in range(int(sys.argv[2])):
    order = Order([{"sku": "a", "price": 10, "qty": number + 1}], Discount(5))
    order.history.append("looked at")
    try:
        order.total("USD", note="gift")
    except TypeError:
        logging.getLogger("shop").exception("cannot price the order")
'''


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    """The project, not yet run."""
    root = tmp_path / "shop"
    (root / "app" / "logs").mkdir(parents=True)
    (root / "shop.py").write_text(SHOP)
    (root / "production.py").write_text(PROGRAM)
    return Project(root)


def run(project: Project, times: int = 1) -> None:
    """Run production."""
    subprocess.run(
        [sys.executable, "production.py", str(REPOSITORY / "python" / "src"), str(times)],
        cwd=project.root, check=True, timeout=60, env=clean_environment(),
    )  # fmt: skip


def the_group(project: Project, *args: str) -> dict[str, Any]:
    """Scan; the one group."""
    (group,) = project.json("scan", *args)["groups"]
    assert isinstance(group, dict)
    return group


def test_a_swallowed_crash_becomes_a_readable_test_that_guards_its_fix(shop: Project) -> None:
    run(shop)
    group = the_group(shop)
    (candidate,) = group["candidates"]
    assert (candidate["state"], candidate["strategy"]) == ("created", "replay"), candidate
    assert {e["name"] for e in candidate["evidence"]} >= {"reproduces", "values-captured", "outermost", "stable"}
    test = shop.root / candidate["path"]
    text = test.read_text()
    # Built as a person would, by the constructors; what they make themselves is left to them.
    assert 'Order(lines=[{"sku": "a", "price": 10, "qty": 1}], discount=Discount(percent=5))' in text.replace("\n", "")
    assert "history" not in text
    # What the failure does not need is left to its default.
    assert "USD" not in text and "gift" not in text, text
    red = shop.pytest(candidate["path"])
    assert red.returncode == 1
    assert "TypeError" in red.stdout

    source = shop.root / "shop.py"
    source.write_text(source.read_text().replace("if total >= discount.minimum:", "if total >= (discount.minimum or 0):"))
    assert shop.pytest(candidate["path"]).returncode == 0
    assert [t["outcome"] for t in shop.json("verify")["tests"]] == ["green"]


def test_what_a_log_and_the_capture_both_tell_counts_once(shop: Project) -> None:
    run(shop, 3)
    assert the_group(shop, "--no-generate")["count"] == 3
    run(shop, 2)
    report = shop.json("scan", "--no-generate")
    assert report["groups"] == []
    (group,) = shop.json("list")["groups"]
    assert group["count"] == 5


def test_a_capture_that_comes_later_makes_a_test_possible(shop: Project) -> None:
    run(shop)
    capture = shop.root / "app" / "logs" / "guwu-failures.jsonl"
    line = capture.read_text()
    capture.unlink()
    before = the_group(shop)
    assert before["status"] in ("advised", "skeleton", "staged", "tested")
    capture.write_text(line)
    shop.json("scan")
    (after,) = shop.json("list")["groups"]
    assert after["count"] == 1
    if before["status"] == "advised":
        assert after["status"] == "tested"


def test_values_are_believed_from_the_capture_file_alone(shop: Project) -> None:
    run(shop)
    capture = shop.root / "app" / "logs" / "guwu-failures.jsonl"
    (shop.root / "app" / "logs" / "other.jsonl").write_text(capture.read_text())
    capture.unlink()
    group = the_group(shop, "--no-generate")
    assert "captured" not in group["failure"]


def test_what_a_test_run_captures_is_no_failure_of_production(shop: Project) -> None:
    run(shop)
    capture = shop.root / "app" / "logs" / "guwu-failures.jsonl"
    line = json.loads(capture.read_text())
    line["captured"]["test"] = "tests/test_shop.py::test_total (call)"
    capture.write_text(json.dumps(line) + "\n")
    (shop.root / "app" / "logs" / "app.log").unlink()
    assert shop.json("scan", "--no-generate")["groups"] == []


FEED = '''"""What a feed says."""


def amount(item):
    """One amount."""
    return float(item.find("amount").text)


def total(items):
    """All of them."""
    return sum(amount(item) for item in items)
'''

PARSED = {
    "xml.etree": ("from xml.etree.ElementTree import fromstring as parse", "fromstring("),
    "lxml": ("from lxml.etree import fromstring as parse", "fromstring("),
    "bs4": ("import bs4\n\n\ndef parse(text):\n    return bs4.BeautifulSoup(text, 'html.parser').find_all('item')", "Tag.find("),
}


@pytest.mark.parametrize("library", PARSED)
def test_elements_of_a_document_are_parsed_again(library: str, tmp_path: Path) -> None:
    if library != "xml.etree":
        pytest.importorskip(library)
    given, made = PARSED[library]
    captured = (
        f"import logging, sys\nsys.path.insert(0, {str(REPOSITORY / 'python' / 'src')!r})\nimport guwu.capture\n"
        'guwu.capture.install("logs/guwu-failures.jsonl")\nfrom shop.feed import total\n'
    )
    program = captured + given + (
        '\n\n\ntry:\n    total(parse("<feed><item><amount>2.5</amount></item><item id=\'b\'></item></feed>"))\n'
        'except AttributeError:\n    logging.getLogger("feed").exception("not read")\n'
    )
    project = failed(tmp_path, "shop/feed.py", FEED, program)
    (group,) = project.json("scan")["groups"]
    (candidate,) = group["candidates"]
    assert (candidate["strategy"], candidate["tier"]) == ("replay", "create"), candidate
    text = candidate["content"]
    assert made in text
    test = project.root / "tests" / "test_found.py"
    test.write_text(text)
    assert project.pytest("tests/test_found.py").returncode == 1
    fixed = FEED.replace('float(item.find("amount").text)', 'float(getattr(item.find("amount"), "text", 0))')
    (project.root / "shop" / "feed.py").write_text(fixed)
    green = project.pytest("tests/test_found.py")
    assert green.returncode == 0, green.stdout
