"""`guwu verify` and `guwu prove` on real projects: flaky tests, refused ones, and what a fix turns green."""

from __future__ import annotations

import itertools
import json
import shutil
import socket
import subprocess
import threading
from pathlib import Path

import pytest
from conftest import Project, clean_environment
from test_main_job import fix_of

SHOP = """\
import random


def price(basket):
    return basket["apple"] + basket["pear"]
"""
FIXED = SHOP.replace('basket["apple"] + basket["pear"]', 'basket["apple"] + basket.get("pear", 0)')
BROKEN = SHOP.replace('basket["apple"] + basket["pear"]', "basket.total")
TEST = """\
from shop import price


def test_price():
    assert price({"apple": 1}) == 1
"""
LOG = """\
2026-02-05 05:33:10,594 - shop - ERROR - no price
Traceback (most recent call last):
  File "{root}/shop.py", line 5, in price
    return basket["apple"] + basket["pear"]
KeyError: 'pear'
"""


def git(root: Path, *args: str) -> str:
    """Run git as nobody in particular."""
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *identity, *args], cwd=root, check=True, capture_output=True, text=True, env=clean_environment()
    )
    return done.stdout.strip()


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    """A repository whose first commit has the bug, and whose branch `fix` has none."""
    root = tmp_path / "repository" / "shop"
    (root / "tests").mkdir(parents=True)
    (root / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    (root / "shop.py").write_text(FIXED)
    git(root.parent, "init", "-q", "-b", "fix")
    git(root.parent, "add", ".")
    git(root.parent, "commit", "-qm", "fixed")
    git(root.parent, "checkout", "-qb", "main")
    (root / "shop.py").write_text(SHOP)
    git(root.parent, "commit", "-qam", "with the bug")
    (root / "tests" / "test_price.py").write_text(TEST)
    return Project(root)


def prove(project: Project, *args: str) -> tuple[int, dict[str, str]]:
    done = project.guwu("prove", *args, "--format", "json")
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, {t["test"]: t["verdict"] for t in json.loads(done.stdout)["tests"]}


def test_a_revision_proves_the_test(shop: Project) -> None:
    before = git(shop.root, "status", "--porcelain"), sorted(shop.root.parent.rglob("*"))
    assert prove(shop, "tests/test_price.py", "--fixed", "fix") == (0, {"tests/test_price.py": "fail-to-pass"})
    # The worktree is gone, and the repository knows of none.
    assert git(shop.root, "worktree", "list").count("\n") == 0
    after = git(shop.root, "status", "--porcelain"), sorted(shop.root.parent.rglob("*"))
    assert [str(p) for p in after[1] if ".git" not in p.parts] == [str(p) for p in before[1] if ".git" not in p.parts]
    assert after[0] == before[0]
    assert prove(shop, "tests/test_price.py", "--fixed", "HEAD")[1] == {"tests/test_price.py": "fails-both"}


def test_every_verdict_and_a_folder(shop: Project, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "tests").mkdir(parents=True)
    (other / "shop.py").write_text(BROKEN)
    (other / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    tests = shop.root / "tests"
    (tests / "test_fine.py").write_text("def test_it():\n    pass\n")
    both = TEST.replace('{"apple": 1}) == 1', '{"apple": 1, "pear": 2}) == 3')
    (tests / "test_less.py").write_text(both)
    (tests / "test_none.py").write_text("import nothing_of_this_name\n")
    status, verdicts = prove(
        shop, *(f"tests/test_{n}.py" for n in ("price", "fine", "less", "none")), "--fixed", str(other)
    )
    assert status == 1
    assert verdicts == {
        "tests/test_price.py": "fails-both",
        "tests/test_fine.py": "passes-both",
        "tests/test_less.py": "pass-to-fail",
        "tests/test_none.py": "error",
    }
    assert not list((other / "tests").iterdir())


@pytest.mark.parametrize(
    "args",
    [
        ("tests/test_price.py",),
        ("tests/test_price.py", "--fixed", "no-such-revision"),
        ("tests/test_price.py", "--fixed", "--output=/tmp/x"),
        ("tests/nothing.py", "--fixed", "fix"),
        ("../../outside.py", "--fixed", "fix"),
    ],
)
def test_wrong_use_is_told(shop: Project, args: tuple[str, ...]) -> None:
    (shop.root.parent.parent / "outside.py").write_text("")
    done = shop.guwu("prove", *args)
    assert done.returncode == 2
    assert done.stderr
    assert not done.stdout


def test_without_kept_tests_there_is_nothing_to_prove(shop: Project) -> None:
    (shop.root / "app.log").write_text(LOG.format(root=shop.root))
    assert len(shop.json("scan", "app.log", "--no-generate")["groups"]) == 1
    done = shop.guwu("prove", "--fixed", "fix")
    assert done.returncode == 1
    assert "no test to prove" in done.stderr


class Turns:
    """A server on the loopback that answers `0` and `1` by turns, so that code is unstable without chance."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        for turn in itertools.cycle(b"01"):
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            with connection:
                connection.sendall(bytes([turn]))


def test_kept_tests_are_proven_and_an_unstable_one_is_flaky(project: Project) -> None:
    project.run_production("--stderr", str(project.root.parent / "worker.stderr"))
    fixed = project.root.parent / "fixed"
    shutil.copytree(project.root, fixed)
    Project(fixed).patch(fix_of("1"))
    groups = project.json("scan")["groups"]
    kept = {c["path"]: g["fingerprint"] for g in groups for c in g["candidates"] if c["state"] == "created"}
    (first,) = [p for p in kept if "refresh_ontology_cache" in p]
    status, verdicts = prove(project, "--fixed", str(fixed))
    assert status == 1
    assert set(verdicts) == set(kept)
    assert {p for p, verdict in verdicts.items() if verdict == "fail-to-pass"} == {first}
    assert set(verdicts.values()) == {"fail-to-pass", "fails-both"}
    assert prove(project, first, "--fixed", str(fixed)) == (0, {first: "fail-to-pass"})

    turns = Turns()
    service = project.root / "core" / "services" / "cache_service.py"
    text = service.read_text()
    signature = "def clear_cache(self, graph_type"
    assert signature in text
    unstable = (
        "import socket as _socket\n"
        f"_turn = _socket.create_connection(('127.0.0.1', {turns.port})).recv(1)\n"
        "if _turn == b'1':\n"
        "    CacheService.clear_cache = lambda self, graph_type='all': True\n"
    )
    service.write_text(text + "\n\n" + unstable)
    outcomes = {t["fingerprint"]: t["outcome"] for t in project.json("verify")["tests"]}
    turns.server.close()
    assert outcomes[kept[first]] == "flaky"
    assert {o for f, o in outcomes.items() if f != kept[first]} == {"red-same"}
    statuses = {g["fingerprint"]: g["status"] for g in project.json("list", "--all")["groups"]}
    assert statuses[kept[first]] != "guarded"
