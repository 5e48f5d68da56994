"""The real program: found, run by `python -m guwu`, and at the end of a pytest run."""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from pathlib import Path

import pytest

from conftest import REPOSITORY, Project, program, real_program
from guwu import _settings

PROGRAM = real_program()
needs_program = pytest.mark.skipif(PROGRAM is None, reason="build it with `cargo build -p guwu` or set GUWU_BINARY")


@pytest.fixture
def real(project: Project) -> Project:
    """Make a project whose program is the real one."""
    assert PROGRAM is not None
    project.environment["GUWU_BINARY"] = str(PROGRAM.resolve())
    return project


@needs_program
def test_python_dash_m_hands_on_arguments_output_and_status(real: Project) -> None:
    version = real.python("-m", "guwu", "--version")
    assert version.status == 0
    assert version.out.startswith("guwu ")
    wrong = real.python("-m", "guwu", "no-such-verb")
    assert wrong.status == 2
    assert wrong.out == ""
    assert "no-such-verb" in wrong.err


def test_python_dash_m_without_a_program(project: Project) -> None:
    run = project.python("-m", "guwu", environment={"GUWU_BINARY": "/nowhere/guwu"})
    assert run.status == 2
    assert run.err.startswith("guwu: `GUWU_BINARY` names `/nowhere/guwu`")


@needs_program
def test_the_plugin_knows_the_settings_of_the_program(real: Project) -> None:
    run = real.python("-m", "guwu", "config", "--format", "json")
    assert run.status == 0, run.err
    names = [row["key"] for row in json.loads(run.out)["settings"]]
    assert names == ["root", *_settings.NAMES]


@needs_program
def test_the_program_reads_what_the_plugin_reads(real: Project) -> None:
    real.write("pytest.ini", "[pytest]\nGUWU_CONFIDENCE_THRESHOLD = 0.7\nguwu = off\n")
    run = real.python("-m", "guwu", "config", "--format", "json")
    rows = {row["key"]: row["value"] for row in json.loads(run.out)["settings"]}
    assert rows["confidence-threshold"] == 0.7
    assert rows["pytest"] is False


@needs_program
def test_a_project_without_failures_hears_nothing(real: Project) -> None:
    if real.python("-m", "guwu", "check", "--help").status != 0:
        pytest.skip("this build of the program has no `check`")
    for _ in range(2):
        run = real.pytest()
        assert run.status == 0
        assert run.said == [], run.out


@needs_program
def test_a_mistake_in_the_configuration_is_one_line(real: Project) -> None:
    if real.python("-m", "guwu", "check", "--help").status != 0:
        pytest.skip("this build of the program has no `check`")
    real.write("guwu.toml", "confidence-treshold = 0.9\n")
    run = real.pytest()
    assert run.status == 0
    assert len(run.said) == 1
    assert "did you mean `confidence-threshold`?" in run.said[0]


def test_the_places_where_a_program_is_looked_for(project: Project, tmp_path: Path) -> None:
    del project.environment["GUWU_BINARY"]
    show = ("-c", "import guwu; print(guwu.find_guwu())")
    name = "guwu" + (sysconfig.get_config_var("EXE") or "")
    if (Path(sysconfig.get_path("scripts")) / name).is_file():
        assert Path(project.python(*show).out.strip()).parent == Path(sysconfig.get_path("scripts"))
        return
    if os.name == "nt":
        pytest.skip("the stand-ins are POSIX scripts")
    # The path comes last; `--target` puts `bin` beside the package.
    on_path = program(tmp_path / "path", "", "guwu")
    project.environment["PATH"] = str(on_path.parent)
    project.environment["HOME"] = str(tmp_path / "home")
    assert project.python(*show).out.strip() == str(on_path)
    scheme = "import sysconfig; print(sysconfig.get_path('scripts', sysconfig.get_preferred_scheme('user')))"
    if sys.version_info >= (3, 10):
        user = program(Path(project.python("-c", scheme).out.strip()), "", "guwu")
        assert project.python(*show).out.strip() == str(user)
    target = tmp_path / "target"
    target.mkdir()
    (target / "guwu").symlink_to(REPOSITORY / "python" / "src" / "guwu")
    beside = program(target / "bin", "", "guwu")
    project.paths = [target]
    assert project.python(*show).out.strip() == str(beside)
