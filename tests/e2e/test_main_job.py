"""The main job on the example's five bugs: from a log that the application wrote to tests that are proven."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import EXAMPLE, Project

#: exception type -> (fix, layer of the test, how it looks for the failure)
BUGS = {
    "TypeError": ("1", "integration", "contract"),
    "AttributeError": ("2", "integration", "request"),
    "KeyError": ("3", "unit", "replay"),
    "ImportError": ("4", "integration", "import"),
    "ZeroDivisionError": ("5", "integration", "request"),
}


def fix_of(number: str) -> str:
    """The file name of a fix."""
    return next(p.name for p in (EXAMPLE / "patches").iterdir() if p.name.startswith(number))


def scan_all(project: Project) -> list[dict[str, Any]]:
    """Scan the text log, then what the worker wrote to stderr, which no file holds."""
    project.run_production("--stderr", str(project.root.parent / "worker.stderr"))
    stderr = (project.root.parent / "worker.stderr").read_text()
    groups: list[dict[str, Any]] = project.json("scan")["groups"]
    groups += project.json("scan", "-", stdin=stderr)["groups"]
    return groups


def kind(group: dict[str, Any]) -> str:
    """The exception type of a group."""
    return str(group["failure"]["exceptions"][-1]["type"])


def test_five_bugs_become_five_proven_tests(project: Project) -> None:
    groups = {kind(g): g for g in scan_all(project)}
    assert set(groups) == set(BUGS)
    for name, (_, layer, strategy) in BUGS.items():
        (candidate,) = groups[name]["candidates"]
        assert candidate["state"] == "created", candidate
        assert (candidate["layer"], candidate["strategy"]) == (layer, strategy)
        assert candidate["path"].startswith(f"tests/{layer}/test_")
        assert candidate["proofs"][0]["outcome"] == "red-same"
        assert 0.8 < candidate["confidence"] < 1
        assert {e["name"] for e in candidate["evidence"]} >= {"reproduces", "stable"}

    # Red under the project's own pytest, each with the recorded exception.
    for name in BUGS:
        run = project.pytest(groups[name]["candidates"][0]["path"])
        assert run.returncode == 1, run.stdout
        assert name in run.stdout
    verdicts = {t["fingerprint"]: t["outcome"] for t in project.json("verify")["tests"]}
    assert set(verdicts.values()) == {"red-same"}

    # Each fix turns its own test green and no other.
    fixed: set[str] = set()
    for name, (number, _, _) in BUGS.items():
        project.patch(fix_of(number))
        fixed.add(groups[name]["fingerprint"])
        after = {t["fingerprint"]: t["verdict"] for t in project.json("verify")["tests"]}
        assert {f for f, verdict in after.items() if verdict == "guards"} == fixed
        assert project.pytest(groups[name]["candidates"][0]["path"]).returncode == 0
    assert {g["status"] for g in project.json("list", "--all")["groups"]} == {"guarded"}
    assert project.pytest().returncode == 0


def test_the_gap_names_the_chain_and_why_the_tests_missed_it(project: Project) -> None:
    groups = {kind(g): g for g in scan_all(project)}
    gap = groups["TypeError"]["gap"]
    assert gap["chain_text"] == "KnowledgeGraphFacade.refresh_ontology_cache → CacheService.clear_cache"
    assert [link["in_trace"] for link in gap["chain"]] == [True, False]
    assert gap["layer"] == "integration"
    nearest = gap["tests"][0]
    assert "test_knowledge_graph_facade.py::" in nearest["id"]
    assert "patches `CacheService`" in nearest["reason"]
    shown = project.guwu("show", groups["TypeError"]["id"]).stdout
    assert gap["chain_text"] in shown
    assert "reproduces" in shown
    assert groups["KeyError"]["gap"]["layer"] == "unit"


def test_generated_tests_look_like_the_projects(project: Project) -> None:
    groups = {kind(g): g for g in scan_all(project)}
    text = (project.root / groups["TypeError"]["candidates"][0]["path"]).read_text()
    for part in (
        "class Test",
        "@pytest.mark.integration",
        "# ARRANGE",
        "# ACT",
        "# ASSERT",
        "data_source",
        groups["TypeError"]["fingerprint"],
        "2026" if "2026" in groups["TypeError"]["first_seen"] else groups["TypeError"]["first_seen"][:4],
        "Why no test caught it",
    ):
        assert part in text, part
    assert "Mock" not in text


def test_a_second_scan_changes_nothing_and_says_so(project: Project) -> None:
    scan_all(project)
    before = project.files()
    listed = project.guwu("list", "--all", "--format", "json").stdout
    again = project.guwu("scan")
    assert again.returncode == 0
    assert again.stdout == ""
    assert "nothing new" in again.stderr
    assert project.files() == before
    assert project.guwu("list", "--all", "--format", "json").stdout == listed


def test_failures_are_read_from_the_sqlite_table(project: Project) -> None:
    project.run_production("--sqlite", "--stderr", str(project.root.parent / "worker.stderr"))
    groups = {kind(g): g for g in project.json("scan")["groups"]}
    assert set(groups) == {"TypeError", "AttributeError", "KeyError", "ZeroDivisionError"}
    assert {g["status"] for g in groups.values()} == {"tested"}
    assert groups["AttributeError"]["count"] == 2


def test_text_log_and_table_give_the_same_groups(project: Project, tmp_path: Any) -> None:
    project.run_production("--stderr", str(tmp_path / "a"))
    first = {g["fingerprint"] for g in project.json("scan", "--no-generate")["groups"]}
    project.run_production("--sqlite", "--stderr", str(tmp_path / "b"))
    second = project.json("scan", "--no-generate")
    assert second["new_groups"] == []
    assert set(second["seen_again"]) == first


def test_a_test_that_passes_today_is_never_created(project: Project) -> None:
    project.run_production("--stderr", str(project.root.parent / "worker.stderr"))
    for number, _, _ in BUGS.values():
        project.patch(fix_of(number))
    before = project.files()
    groups = project.json("scan")["groups"]
    assert {g["status"] for g in groups} == {"advised"}
    proofs = {kind(g): p for g in groups for c in g["candidates"] for p in c["proofs"]}
    outcomes = {name: proof["outcome"] for name, proof in proofs.items()}
    # Another key may still be missing from what the test passes: that is told, and is not the failure.
    for proof in proofs.values():
        if proof["outcome"] == "red-same":
            assert "with another message" in proof["detail"]["reason"]
    assert outcomes["TypeError"] == "green"
    assert outcomes["AttributeError"] == "green"
    assert project.files() == before


def test_a_test_that_is_red_for_another_reason_is_no_more_than_a_draft(project: Project) -> None:
    project.run_production("--stderr", str(project.root.parent / "worker.stderr"))
    service = project.root / "core" / "services" / "cache_service.py"
    text = service.read_text()
    assert "def __init__(self" in text
    head, tail = text.split("def __init__(self", 1)
    signature, body = tail.split(":\n", 1)
    service.write_text(f'{head}def __init__(self{signature}:\n        raise RuntimeError("broken elsewhere")\n{body}')
    group = next(g for g in project.json("scan")["groups"] if kind(g) == "TypeError")
    # That the call fits no signature shows without running it; nothing that runs is kept.
    assert group["status"] == "staged"
    (candidate,) = group["candidates"]
    assert (candidate["strategy"], candidate["tier"]) == ("static", "draft"), candidate
    assert [p["outcome"] for p in candidate["proofs"]] == ["red-other"]
    assert not list((project.root / "tests").rglob("test_refresh_ontology_cache_*"))


def test_hostile_log_text_stays_text(project: Project) -> None:
    facade = project.root / "modules" / "knowledge_graph" / "backend" / "knowledge_graph_facade.py"
    line = next(
        n for n, t in enumerate(facade.read_text().splitlines(), 1) if "self.cache_service.clear_cache()" in t
    )
    canary = project.root / "owned"
    code = f'"""\nopen({str(canary)!r}, "w")\n"""; open({str(canary)!r}, "w") #'
    log = project.root / "app" / "logs"
    log.mkdir(parents=True)
    (log / "app.log").write_text(
        f"2026-02-05 05:33:10,594 - x.y - ERROR - refresh {code!r} \x1b[2J\u202e {code}\n"
        "Traceback (most recent call last):\n"
        f'  File "{facade}", line {line}, in refresh_ontology_cache\n'
        "    cleared = self.cache_service.clear_cache()\n"
        "TypeError: CacheService.clear_cache() missing 1 required positional argument: "
        f"'graph_type' {code}\n"
    )
    done = project.guwu("scan")
    assert done.returncode == 1, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert not canary.exists()
    for path in (project.root / "tests").rglob("test_refresh_*"):
        compile(path.read_text(), str(path), "exec")
        project.pytest(str(path))
    assert not canary.exists()
    shown = project.guwu("list").stdout + project.guwu("check").stdout
    assert "\x1b" not in shown and "\u202e" not in shown


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_the_developer_decides(project: Project, decision: str) -> None:
    project.run_production("--stderr", str(project.root.parent / "worker.stderr"))
    done = project.guwu("scan", "--format", "json", env={"GUWU_AUTO_GENERATE_TESTS": "0"})
    assert done.returncode == 1, done.stderr
    group = next(g for g in project.json("list")["groups"] if g["title"].startswith("TypeError"))
    assert group["status"] == "staged"
    staged = project.root / "tools" / "guwu" / "generated_tests"
    assert (staged / "test_refresh_ontology_cache_integration.py").exists()
    assert project.pytest("--collect-only", "tools").returncode == 5, "staged tests are not collected"
    target = project.root / "tests" / "integration" / "test_refresh_ontology_cache_integration.py"
    assert not target.exists()
    assert project.guwu(decision, group["id"]).returncode == 0
    assert target.exists() == (decision == "accept")
    assert not (staged / "test_refresh_ontology_cache_integration.py").exists()
    listed = {g["id"]: g["status"] for g in project.json("list", "--all")["groups"]}
    assert listed[group["id"]] == decision + "ed"


def test_an_edited_test_is_never_removed(project: Project) -> None:
    project.run_production("--stderr", str(project.root.parent / "worker.stderr"))
    project.guwu("scan")
    target = project.root / "tests" / "integration" / "test_refresh_ontology_cache_integration.py"
    target.write_text(target.read_text() + "\n# mine\n")
    group = next(g for g in project.json("list")["groups"] if g["title"].startswith("TypeError"))
    done = project.guwu("reject", group["id"])
    assert done.returncode == 0
    assert "was edited" in done.stderr
    assert target.exists()


def test_check_tells_each_failure_once(project: Project) -> None:
    project.run_production("--stderr", str(project.root.parent / "worker.stderr"))
    first = project.guwu("check")
    assert first.returncode == 1, first.stderr
    assert first.stdout.startswith("[Gu Wu] Detected 4 production failures since last run\n")
    assert "[Gu Wu] Generated missing integration test: tests/integration/test_refresh_ontology_cache_integration.py" in first.stdout
    assert "fails today as in production (TypeError in" in first.stdout
    assert "CRITICAL: production bug detected" in first.stdout
    second = project.guwu("check")
    assert (second.returncode, second.stdout) == (0, "")


def test_the_projects_addopts_do_not_decide_the_result(project: Project) -> None:
    project.run_production("--stderr", str(project.root.parent / "worker.stderr"))
    settings = project.root / "pytest.ini"
    text = settings.read_text()
    assert "addopts = --strict-markers" in text
    # What a team has there: coverage with a threshold, stop at the first failure, a plugin that is not installed here.
    settings.write_text(text.replace("addopts = --strict-markers", "addopts = --strict-markers --cov=. --cov-fail-under=90 -x"))
    assert project.pytest().returncode == 4
    groups = project.json("scan")["groups"]
    assert {g["status"] for g in groups} == {"tested"}


def test_thresholds_come_from_the_configuration(project: Project) -> None:
    project.run_production("--stderr", str(project.root.parent / "worker.stderr"))
    (project.root / "guwu.toml").write_text("confidence-threshold = 0.99\n")
    groups = project.json("scan")["groups"]
    assert {g["status"] for g in groups} == {"staged"}
    assert {c["tier"] for g in groups for c in g["candidates"]} == {"draft"}


def test_a_test_that_hangs_is_ended(project: Project) -> None:
    project.run_production("--stderr", str(project.root.parent / "worker.stderr"))
    (project.root / "guwu.toml").write_text("test-timeout = 2\n")
    conftest = project.root / "tests" / "conftest.py"
    conftest.write_text(conftest.read_text() + "\n\nimport time\n\ntime.sleep(600)\n")
    groups = project.json("scan")["groups"]
    assert {p["outcome"] for g in groups for c in g["candidates"] for p in c["proofs"]} == {"timeout"}
    assert {g["status"] for g in groups} == {"advised"}
    assert not [p for p in (project.root / "tests").rglob("*") if "candidate" in p.name]
