"""What a run prints when the program has something to say, and when it has not."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from conftest import ALERT, Project


def calls(project: Project) -> list[dict[str, Any]]:
    """How the program was called."""
    path = project.root / "calls.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_the_alert_stands_at_the_end_as_the_program_said_it(project: Project) -> None:
    project.write("tests/test_red.py", "def test_red():\n    assert False\n")
    run = project.pytest()
    assert ALERT in run.out
    assert run.out.index("short test summary") < run.out.index("[Gu Wu]")
    assert run.status == 1


def test_the_exit_status_stays(project: Project) -> None:
    assert project.pytest().status == 0
    assert project.pytest("tests/nowhere").status == 4
    assert project.pytest("-k", "nothing").status == 5


def test_how_the_program_is_called(project: Project) -> None:
    project.pytest()
    (call,) = calls(project)
    assert call["arguments"] == ["check", "--color", "never"]
    assert call["environment"]["GUWU_INSIDE_PYTEST"] == "1"
    assert call["environment"]["GUWU_TIMEOUT"] == "60"
    assert call["stdin"] == ""
    assert call["folder"] == str(project.root)


def test_tests_are_run_by_the_interpreter_of_this_run_unless_somebody_said_which(project: Project) -> None:
    project.pytest()
    assert calls(project)[0]["environment"]["GUWU_PYTHON"] == sys.executable
    project.write("guwu.toml", 'python = "python3"\n')
    project.pytest()
    assert "GUWU_PYTHON" not in calls(project)[1]["environment"]
    project.pytest(environment={"GUWU_PYTHON": "/other/python"})
    assert calls(project)[2]["environment"]["GUWU_PYTHON"] == "/other/python"


def test_the_program_runs_in_the_root_folder_of_pytest(project: Project) -> None:
    project.write("pytest.ini", "[pytest]\n")
    run = project.python("-m", "pytest", "--rootdir", str(project.root), "tests/test_green.py")
    assert ALERT in run.out
    assert calls(project)[0]["folder"] == str(project.root)


def test_colour_follows_pytest(project: Project) -> None:
    project.use("import sys\nprint('\\x1b[31m[Gu Wu] red\\x1b[0m', sys.argv[3])\nsys.exit(1)\n")
    assert "\x1b[31m[Gu Wu] red\x1b[0m always" in project.pytest("--color=yes").out
    run = project.pytest("--color=no")
    assert "[Gu Wu] red never" in run.out
    assert "\x1b" not in run.out


@pytest.mark.parametrize("body", ["", "print()\n", "import sys\nsys.exit(1)\n"])
def test_silence_when_there_is_nothing_to_say(project: Project, body: str) -> None:
    project.use(body)
    quiet = project.pytest()
    without = project.pytest("--no-guwu")
    assert quiet.status == 0
    assert _without_times(quiet.out) == _without_times(without.out)
    assert quiet.err == ""


def _without_times(text: str) -> list[str]:
    return [line.split(" in ")[0] for line in text.splitlines()]


def test_one_alert_under_xdist_from_the_controller(project: Project) -> None:
    pytest.importorskip("xdist")
    run = project.pytest("-n2")
    assert run.out.count("Detected 1 production failure") == 1
    assert len(calls(project)) == 1
    assert run.status == 0


def test_a_broken_suite_gets_the_alert_too(project: Project) -> None:
    project.write("tests/test_broken.py", "import does_not_exist\n")
    run = project.pytest()
    assert run.status == 2
    assert ALERT in run.out


def test_a_developer_who_stops_the_run_is_not_made_to_wait(project: Project) -> None:
    project.write("tests/test_stop.py", "def test_stop():\n    raise KeyboardInterrupt\n")
    run = project.pytest()
    assert run.status == 2
    assert calls(project) == []


def test_quiet_says_it_and_quieter_does_not(project: Project) -> None:
    assert ALERT in project.pytest("-q").out
    run = project.pytest("-qq")
    assert run.said == []
    assert run.status == 0
    # What nobody was told must not count as told.
    assert len(calls(project)) == 1


@pytest.mark.parametrize("flag", ["--no-guwu", "--collect-only", "--setup-plan", "--no-summary", "-pno:guwu"])
def test_flags_under_which_nothing_happens(project: Project, flag: str) -> None:
    run = project.pytest(flag)
    assert run.said == []
    assert calls(project) == []
    assert run.status == 0


def test_without_a_terminal_reporter_nothing_happens(project: Project) -> None:
    run = project.python("-m", "pytest", "-p", "no:terminal")
    assert run.status == 0
    assert run.out + run.err == ""
    assert calls(project) == []


@pytest.mark.parametrize("variable", ["GUWU_VERIFYING", "GUWU_INSIDE_PYTEST"])
def test_inert_in_a_run_that_gu_wu_itself_started(project: Project, variable: str) -> None:
    run = project.pytest(environment={variable: "1"})
    assert run.said == []
    assert calls(project) == []


def test_a_run_inside_a_test_is_not_reported_on(project: Project) -> None:
    project.write("conftest.py", 'pytest_plugins = ["pytester"]\n')
    project.write("tests/test_inner.py", "def test_inner(pytester):\n    assert pytester.inline_run().ret == 5\n")
    run = project.pytest()
    assert run.status == 0, run.out
    assert len(calls(project)) == 1
    assert ALERT in run.out


def test_without_autoload_the_module_is_loaded_by_name(project: Project) -> None:
    off = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    assert project.pytest(environment=off).said == []
    assert ALERT in project.pytest("-p", "guwu.plugin", environment=off).out


@pytest.mark.parametrize("variable", ["CI", "GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "TF_BUILD", "JENKINS_URL"])
def test_in_continuous_integration_it_only_looks(project: Project, variable: str) -> None:
    run = project.pytest(environment={variable: "true"})
    assert calls(project)[0]["arguments"][-1] == "--read-only"
    assert run.said[-1] == (
        f"[Gu Wu] read-only: environment variable `{variable}` is set; run guwu scan locally to generate tests"
    )


def test_in_continuous_integration_silence_stays_silence(project: Project) -> None:
    project.use("")
    assert project.pytest(environment={"CI": "true"}).said == []


def test_a_variable_that_says_no_is_no_continuous_integration(project: Project) -> None:
    project.pytest(environment={"CI": "false", "BUILDKITE": "0", "TF_BUILD": ""})
    assert "--read-only" not in calls(project)[0]["arguments"]


def test_who_decides_about_writing_overrules_continuous_integration(project: Project) -> None:
    run = project.pytest(environment={"CI": "true", "GUWU_READ_ONLY": "0"})
    assert "--read-only" not in calls(project)[0]["arguments"]
    assert "environment variable" not in run.out


def test_strict_fails_a_green_run_only_when_something_was_said(project: Project) -> None:
    run = project.pytest("--guwu-strict")
    assert run.status == 1
    assert run.said[-1].startswith("[Gu Wu] strict: the run fails")
    assert project.pytest("--guwu-strict", "-qq").status == 1
    assert calls(project)[1]["arguments"][-1] == "--read-only"
    assert project.pytest("--guwu-strict", "-k", "nothing").status == 5
    project.use("")
    assert project.pytest("--guwu-strict").status == 0


def test_strict_under_xdist(project: Project) -> None:
    pytest.importorskip("xdist")
    assert project.pytest("--guwu-strict", "-n2").status == 1


def test_sys_stdout_stays_pytest_s(project: Project) -> None:
    project.write(
        "conftest.py",
        "import sys\nbefore = sys.stdout, sys.__stdout__\n"
        "def pytest_unconfigure():\n    print('same', (sys.stdout, sys.__stdout__) == before)\n",
    )
    assert "same True" in project.pytest("-s").out
