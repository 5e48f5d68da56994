"""Where the plugin's switches come from."""

from __future__ import annotations

import json

import pytest

from conftest import Project
from test_alert import calls

#: In each of these `strict` holds; the names are those of `guwu config`.
SOURCES = {
    "environment": "",
    "guwu.toml": "strict = true\n",
    "pyproject.toml": "[tool.guwu]\nstrict = true\n",
    "pytest.ini": "[pytest]\nguwu_strict = true\n",
    "tox.ini": "[pytest]\nGUWU_STRICT = 1\n",
    "setup.cfg": "[tool:pytest]\nguwu_strict = on\n",
    "tools/guwu/config.py": "import does_not_exist\nGUWU_STRICT = True\n",
}


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_is_heard(project: Project, source: str) -> None:
    assert project.pytest().status == 0
    if source == "environment":
        project.environment["GUWU_STRICT"] = "yes"
    else:
        project.write(source, SOURCES[source])
    assert project.pytest().status == 1


@pytest.mark.parametrize("table", ["tool.pytest.ini_options", "tool.pytest"])
def test_the_toml_tables_of_pytest_are_heard(project: Project, table: str) -> None:
    if table == "tool.pytest" and int(pytest.__version__.split(".")[0]) < 9:
        pytest.skip("this pytest has no such table")
    project.write("pyproject.toml", f"[{table}]\nguwu_strict = true\n")
    assert project.pytest().status == 1


def test_the_sources_in_their_order(project: Project) -> None:
    project.write("tools/guwu/config.py", "GUWU_TIMEOUT = 11\n")
    project.use("import time\ntime.sleep(600)\n")

    def limit(*arguments: str) -> str:
        code = (
            "import os, sys, pytest\nfrom guwu import _settings\n"
            "class Show:\n"
            "    def pytest_sessionfinish(self, session):\n"
            "        print('limit', _settings.resolve(session.config, os.environ).timeout)\n"
            "sys.exit(pytest.main(['-sq', '--no-guwu', *sys.argv[1:]], plugins=[Show()]))\n"
        )
        run = project.python("-c", code, *arguments)
        assert run.status == 0, run.out + run.err
        return next(line.rpartition("limit ")[2] for line in run.out.splitlines() if "limit " in line)

    assert limit() == "11.0"
    project.write("pytest.ini", "[pytest]\nguwu_timeout = 12\n")
    assert limit() == "12.0"
    assert limit("-o", "guwu_timeout=13") == "13.0"
    project.write("pyproject.toml", "[tool.guwu]\ntimeout = 14\n")
    assert limit() == "14.0"
    project.write("guwu.toml", "timeout = 15\n")
    assert limit() == "15.0"
    project.environment["GUWU_TIMEOUT"] = "16"
    assert limit() == "16.0"
    assert limit("--guwu-timeout=17") == "17.0"
    # What makes no sense is passed over here; the program says what is wrong with it.
    project.environment["GUWU_TIMEOUT"] = "soon"
    assert limit() == "15.0"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pytest.ini", "[pytest]\nguwu = false\n"),
        ("pytest.ini", "[pytest]\nGUWU_PHASE4_ENABLED = False\n"),
        ("pyproject.toml", "[tool.guwu]\nphase4-enabled = false\n"),
        ("guwu.toml", "pytest = false\n"),
        ("tools/guwu/config.py", "GUWU_PHASE4_ENABLED = False\n"),
    ],
)
def test_files_that_switch_it_off(project: Project, file: str, text: str) -> None:
    project.write(file, text)
    assert project.pytest().said == []
    assert calls(project) == []


def test_variables_that_switch_it_off(project: Project) -> None:
    for name in ("GUWU_PHASE4_ENABLED", "GUWU_PYTEST"):
        assert project.pytest(environment={name: "0"}).said == []
    assert calls(project) == []
    # The environment wins over a file, in both directions.
    project.write("guwu.toml", "phase4-enabled = false\n")
    assert project.pytest(environment={"GUWU_PHASE4_ENABLED": "1"}).said != []


def test_a_project_above_the_root_folder_is_heard_up_to_the_repository(project: Project) -> None:
    project.write("guwu.toml", "strict = true\n")
    project.write("part/pytest.ini", "[pytest]\n")
    project.write("part/test_part.py", "def test_part():\n    pass\n")
    assert project.pytest("--rootdir", "part", "-c", "part/pytest.ini", "part").status == 1
    (project.root / "part" / ".git").mkdir()
    assert project.pytest("--rootdir", "part", "-c", "part/pytest.ini", "part").status == 0


def test_pytest_knows_every_ini_key(project: Project) -> None:
    keys = "\n".join(
        f"{key} = {value}"
        for key, value in {
            "guwu": "true",
            "guwu_timeout": "30",
            "guwu_read_only": "false",
            "guwu_logs": "\n    app.log\n    worker.log",
            "GUWU_PHASE4_ENABLED": "True",
            "GUWU_AUTO_GENERATE_TESTS": "True",
            "GUWU_CONFIDENCE_THRESHOLD": "0.8",
            "GUWU_LOG_MONITORING": "True",
            "GUWU_USE_AI_GENERATION": "False",
        }.items()
    )
    project.write("pytest.ini", f"[pytest]\n{keys}\n")
    run = project.pytest("--strict-config", "-W", "error")
    assert run.status == 0, run.out + run.err
    assert "warning" not in run.out
    assert json.dumps(run.said)


def test_the_flags_are_in_the_help(project: Project) -> None:
    text = project.pytest("--help").out
    for flag in ("--no-guwu", "--guwu-timeout", "--guwu-strict", "--guwu-read-only", "guwu_confidence_threshold"):
        assert flag in text
