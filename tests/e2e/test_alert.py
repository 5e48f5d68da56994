"""The developer hears of it: the real plugin at the end of real pytest runs on the example."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY, Project, binary, clean_environment


def run_pytest(project: Project, *args: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """pytest as the team runs it, with the plugin of the wheel loaded from its sources."""
    environment = {
        **clean_environment(),
        "PYTHONPATH": str(REPOSITORY / "python" / "src"),
        "GUWU_BINARY": str(binary()),
        **(env or {}),
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "guwu.plugin", "-p", "no:cacheprovider", *args]
    return subprocess.run(
        command, cwd=project.root, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture
def failed(project: Project) -> Project:
    """The example after a day in production."""
    project.run_production("--stderr", str(project.root.parent / "worker.stderr"))
    return project


def test_the_alert_stands_at_the_end_of_the_run_once(failed: Project) -> None:
    first = run_pytest(failed)
    assert first.returncode == 0, first.stdout + first.stderr
    alert = first.stdout[first.stdout.index("[Gu Wu]") :]
    assert alert.startswith("[Gu Wu] Detected 4 production failures since last run\n")
    created = "tests/integration/test_refresh_ontology_cache_integration.py"
    assert f"[Gu Wu] Generated missing integration test: {created}\n" in alert
    assert "% - fails today as in production (TypeError in KnowledgeGraphFacade.refresh_ontology_cache)\n" in alert
    assert (
        "CRITICAL: production bug detected\n"
        "   File: modules/knowledge_graph/backend/knowledge_graph_facade.py\n"
        "   Error: TypeError - CacheService.clear_cache() missing 1 required positional argument: 'graph_type'\n"
        f"   Test: {created}\n"
        "   Next steps:\n"
        "   1. Review the generated test\n"
        f"   2. Run: pytest {created}\n"
        "   3. Commit it with the fix\n"
    ) in alert
    assert "31 passed" in first.stdout

    # The new tests are red now, and nothing is told twice.
    second = run_pytest(failed)
    assert second.returncode == 1
    assert "4 failed, 31 passed" in second.stdout
    assert "[Gu Wu]" not in second.stdout + second.stderr


def test_under_xdist_it_is_told_once(failed: Project) -> None:
    run = run_pytest(failed, "-n2")
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("[Gu Wu] Detected 4 production failures since last run") == 1
    assert len(list((failed.root / "tests").rglob("test_refresh_ontology_cache_*"))) == 1


def test_in_continuous_integration_it_only_looks(failed: Project) -> None:
    before = failed.files()
    assert failed.guwu("scan", env={"GUWU_AUTO_GENERATE_TESTS": "0"}).returncode == 1
    staged = failed.files()
    run = run_pytest(failed, env={"CI": "true"})
    assert run.returncode == 0, run.stdout + run.stderr
    assert "[Gu Wu] Detected 4 production failures" in run.stdout
    assert "read-only" in run.stdout and "`CI`" in run.stdout
    assert failed.files() == staged
    assert not list((failed.root / "tests").rglob("test_refresh_ontology_cache_*"))
    assert set(before) <= set(staged)


def test_a_broken_suite_stays_exactly_as_broken(failed: Project) -> None:
    (failed.root / "tests" / "unit" / "test_broken.py").write_text("import nothing_of_that_name\n")
    plain = failed.pytest()
    run = run_pytest(failed)
    assert run.returncode == plain.returncode == 2
    assert "[Gu Wu] Detected 4 production failures" in run.stdout
    assert "1 error" in run.stdout


def test_staged_and_candidate_files_are_never_collected(failed: Project) -> None:
    failed.guwu("scan", env={"GUWU_AUTO_GENERATE_TESTS": "0"})
    left = Path(failed.root / "tests" / "unit" / "guwu_candidate_1_0.py")
    left.write_text("def test_left_behind():\n    assert False\n")
    run = failed.pytest()
    assert run.returncode == 0, run.stdout
    assert "31 passed" in run.stdout
