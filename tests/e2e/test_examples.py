"""Four small applications with five bugs each: from a run in production with `guwu.capture` to twenty proven tests.

Each application runs for real, once; its failures are scanned, once. Then each bug is fixed alone, by its own patch: its
test must turn green, and nothing else may change, neither the tests of the other bugs nor the application's own.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from typing import Any

import pytest
from conftest import EXAMPLES, Project, check_out

#: application -> patch -> how the title of its failure starts.
APPLICATIONS = {
    "knowledge-graph": {
        "1-cache-refresh": "TypeError in refresh_ontology_cache",
        "2-unknown-node": "AttributeError in neighbours",
        "3-missing-label": "KeyError in build_node",
        "4-worker-import": "ImportError",
        "5-no-nodes-of-a-kind": "ZeroDivisionError in connectedness",
    },
    "rates-fastapi": {
        "1-local-time": "TypeError in at",
        "2-no-points": "InvalidOperation in average",
        "3-no-customer": "AttributeError in margin",
        "4-cache-entry": "AttributeError in rate",
        "5-send-alert": "TypeError in notify",
    },
    "shop-django": {
        "1-customer-without-orders": "AttributeError in summary",
        "2-no-postcode": "KeyError in from_payload",
        "3-swiss-delivery": "TypeError in delivery",
        "4-refill-reason": "TypeError in refill",
        "5-naive-moment": "TypeError in days_open",
    },
    "worker": {
        "1-empty-manifest": "IndexError in read",
        "2-finished-parcel": "KeyError in advance",
        "3-carrier-codes": "ValueError in status",
        "4-hubs-in-a-circle": "RecursionError in climb",
        "5-fractional-surcharge": "TypeError in price",
    },
}
BUGS = [(application, patch) for application, patches in APPLICATIONS.items() for patch in patches]


@dataclass
class Scanned:
    """An application after its day in production and the scan of it."""

    project: Project
    groups: list[dict[str, Any]]
    #: How each test ended before anything was fixed: node id -> "passed", "failed".
    before: dict[str, str]

    def group(self, patch: str) -> dict[str, Any]:
        """The group of a bug."""
        title = APPLICATIONS[self.project.example.name][patch]
        # `rate` is no `rate_of`.
        (found,) = [g for g in self.groups if f"{g['title']}:".startswith(f"{title}:") or title == "ImportError" in g["title"]]
        return found


def outcomes(project: Project) -> dict[str, str]:
    """Run all tests of a project; how each ended."""
    report = project.root / "report.xml"
    run = project.pytest(f"--junitxml={report}", "-o", "junit_family=xunit1")
    assert run.returncode in (0, 1), run.stdout + run.stderr
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        failed = case.find("failure") is not None or case.find("error") is not None
        name = "::".join([str(case.get("file")), *str(case.get("classname")).split(".")[-1:], str(case.get("name"))])
        found[name] = "failed" if failed else "passed"
    report.unlink()
    return found


_SCANNED: dict[str, Scanned] = {}


def scanned(application: str, folder: pytest.TempPathFactory) -> Scanned:
    """Run an application for real and scan it, the first time that it is asked for."""
    if application not in _SCANNED:
        project = check_out(EXAMPLES / application, folder.mktemp(application))
        own = outcomes(project)
        assert set(own.values()) == {"passed"}, "the application's own tests are green"
        if application == "knowledge-graph":
            project.run_production("--capture", "--stderr", str(project.root.parent / "worker.stderr"))
        else:
            project.run_production()
        assert (project.root / "app" / "logs" / "guwu-failures.jsonl").exists()
        groups = project.json("scan")["groups"]
        if application == "knowledge-graph":
            stderr = (project.root.parent / "worker.stderr").read_text()
            groups += project.json("scan", "-", stdin=stderr)["groups"]
        # What is staged waits for the developer, who takes it.
        for group in groups:
            if group["status"] == "staged":
                assert project.guwu("accept", group["id"]).returncode == 0
        before = outcomes(project)
        assert {name: before[name] for name in own} == own, "writing tests changes no other test"
        _SCANNED[application] = Scanned(project, groups, before)
    return _SCANNED[application]


def made(group: dict[str, Any]) -> dict[str, Any]:
    """The test of a group."""
    (candidate,) = group["candidates"]
    return dict(candidate)


@pytest.mark.parametrize("application", APPLICATIONS)
def test_every_bug_gets_a_test_that_is_red_as_production_was(
    application: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    after = scanned(application, tmp_path_factory)
    told = {g["title"]: g for g in after.groups if g["status"] != "noise"}
    assert len(told) == 5, sorted(told)
    statuses = [g["status"] for g in told.values()]
    assert set(statuses) <= {"tested", "staged"}, {t: g["status"] for t, g in told.items()}
    assert statuses.count("tested") >= 4, {t: g["status"] for t, g in told.items()}
    for patch in APPLICATIONS[application]:
        test = made(after.group(patch))
        assert test["state"] in ("created", "staged"), test
        assert test["proofs"][0]["outcome"] == "red-same", test
        assert test["confidence"] > 0.7
    red = [name for name, outcome in after.before.items() if outcome == "failed"]
    assert len(red) == 5, red


@pytest.mark.parametrize(("application", "patch"), BUGS)
def test_its_own_fix_turns_a_test_green_and_changes_no_other(
    application: str, patch: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    after = scanned(application, tmp_path_factory)
    path = made(after.group(patch))["path"]
    mine = [name for name in after.before if name.startswith(f"{path}::")]
    assert [after.before[name] for name in mine] == ["failed"]
    after.project.patch(f"{patch}.patch")
    try:
        now = outcomes(after.project)
    finally:
        after.project.patch(f"{patch}.patch", reverse=True)
    assert {name for name in now if now[name] != after.before[name]} == set(mine)
    assert [now[name] for name in mine] == ["passed"]
