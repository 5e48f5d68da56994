"""A broken installation costs one line and changes nothing.

The scripts stand for programs that are missing, hang, crash or are something else altogether.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from conftest import Project

POSIX = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals and modes")


def one_line(project: Project, *arguments: str) -> str:
    """Return the only line that a green run says about Gu Wu."""
    run = project.pytest(*arguments)
    assert run.status == 0, run.out
    assert "1 passed" in run.out
    assert "Traceback" not in run.out + run.err
    assert len(run.said) == 1, run.out
    assert project.pytest("-qq", *arguments).said == []
    # A fault is not a finding.
    assert project.pytest("--guwu-strict", *arguments).status == 0
    return run.said[0]


def test_a_missing_program(project: Project) -> None:
    del project.environment["GUWU_BINARY"]
    project.environment["PATH"] = os.fspath(project.root)
    if project.python("-m", "guwu", "--version").status == 0:
        pytest.skip("this interpreter has the program installed")
    assert "`pip install --force-reinstall guwu`" in one_line(project)


def test_a_wrong_variable(project: Project) -> None:
    project.environment["GUWU_BINARY"] = "/nowhere/guwu"
    assert one_line(project) == ("[Gu Wu] `GUWU_BINARY` names `/nowhere/guwu`, which is no file; correct or unset it")


@POSIX
@pytest.mark.parametrize("mode", [0o644, 0o755])
def test_a_file_that_can_not_be_started(project: Project, mode: int) -> None:
    path = project.write("guwu-broken", "\x00not a program")
    path.chmod(mode)
    project.environment["GUWU_BINARY"] = str(path)
    assert "can not be started" in one_line(project)


HANGS = """\
import os, subprocess, sys, time
child = [sys.executable, "-c", "import time; time.sleep(600)"]
pids = [os.getpid(), subprocess.Popen(child).pid, subprocess.Popen(child, preexec_fn=os.setpgrp).pid]
with open("pids", "a") as file:
    print(*pids, file=file)
time.sleep(600)
"""


@POSIX
def test_a_program_that_hangs_is_stopped_with_its_children(project: Project) -> None:
    project.use(HANGS)
    said = one_line(project, "--guwu-timeout=1.5")
    assert said.startswith("[Gu Wu] `guwu check` did not end within 1.5 s and was stopped; ")
    assert said.endswith("`--guwu-timeout`")
    pids = [int(pid) for pid in (project.root / "pids").read_text().split()]
    assert len(pids) >= 3
    if not Path("/proc/self").exists():
        pytest.skip("no /proc: groups of their own are not followed here")
    assert [pid for pid in pids if _alive(pid)] == []


def _alive(pid: int) -> bool:
    for _ in range(50):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        if state == "Z":
            return False
        time.sleep(0.1)
    return True


@POSIX
def test_a_child_that_holds_the_output_open_holds_nobody_up(project: Project) -> None:
    project.use(
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(8)'])\n"
        "print('[Gu Wu] said before')\nsys.exit(1)\n"
    )
    assert project.pytest("--guwu-timeout=6").said == ["[Gu Wu] said before"]


@POSIX
def test_a_program_that_is_killed(project: Project) -> None:
    project.use("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    assert one_line(project) == "[Gu Wu] `guwu check` was ended by signal 9; run it to see why"


def test_a_program_that_panics(project: Project) -> None:
    project.use(
        "import sys\nprint('half an alert')\n"
        "sys.stderr.write(\"thread 'main' panicked at src/main.rs:1:\\nnote: more\\n\")\nsys.exit(101)\n"
    )
    assert one_line(project) == "[Gu Wu] `guwu check` failed: thread 'main' panicked at src/main.rs:1:"


def test_a_locked_store(project: Project) -> None:
    project.use(
        "import sys\nprint('guwu: skipped `a.log`', file=sys.stderr)\n"
        "print('guwu: `failures.db` is locked; run it again later', file=sys.stderr)\nsys.exit(2)\n"
    )
    assert one_line(project) == "[Gu Wu] `guwu check` failed: `failures.db` is locked; run it again later"


def test_an_error_without_a_word(project: Project) -> None:
    project.use("import sys\nsys.exit(2)\n")
    assert one_line(project) == "[Gu Wu] `guwu check` ended with status 2; run it to see why"


@pytest.mark.parametrize(
    "output",
    [
        b"\xff\xfe\x00\x80 \xf0\x9f garbage",
        b"Usage: another program called guwu\n",
        b"\x1b[2J\x1b]0;title\x07" * 50,
        bytes(range(256)),
    ],
)
@pytest.mark.parametrize("status", [0, 1])
def test_garbage_is_not_passed_on(project: Project, output: bytes, status: int) -> None:
    project.use(f"import sys\nsys.stdout.buffer.write({output!r})\nsys.exit({status})\n")
    assert "printed something that is no alert; run `guwu --version`" in one_line(project)


def test_an_alert_can_not_steer_the_terminal(project: Project) -> None:
    output = b"[Gu Wu] a\x1b[2Jb\x1b]0;t\x07c\xffd\x1b[31me\xe2\x80\xaef\r\ng\x00\n"
    project.use(f"import sys\nsys.stdout.buffer.write({output!r})\nsys.exit(1)\n")
    plain = project.pytest("--color=no").out
    assert "[Gu Wu] a[2Jb]0;tc\ufffddef\ng\n" in plain
    colour = project.pytest("--color=yes").out
    assert "[Gu Wu] a[2Jb]0;tc\ufffdd\x1b[31mef\x1b[0m\ng\n" in colour


def test_endless_output_is_cut(project: Project) -> None:
    project.use("while True:\n    print('[Gu Wu] again')\n")
    assert "did not end within 1 s" in one_line(project, "--guwu-timeout=1")
    project.use("import sys\nsys.stdout.write('[Gu Wu] again\\n' * 500_000)\nsys.exit(1)\n")
    assert len(project.pytest().said) == 200


def test_a_flood_of_errors_does_not_block(project: Project) -> None:
    project.use("import sys\nsys.stderr.write('x' * 5_000_000)\nprint('[Gu Wu] fine')\nsys.exit(1)\n")
    assert one_line_with_finding(project) == "[Gu Wu] fine"


def one_line_with_finding(project: Project) -> str:
    """Return the only line of a run whose program has something to say."""
    run = project.pytest()
    assert run.status == 0
    assert len(run.said) == 1, run.out
    return run.said[0]


def test_a_terminal_that_knows_ascii_only(project: Project) -> None:
    project.use("import sys\nsys.stdout.buffer.write('[Gu Wu] \u4e2d\u6587 \u2014\\n'.encode())\nsys.exit(1)\n")
    run = project.pytest(environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert run.status == 0
    assert len(run.said) == 1


@POSIX
def test_a_root_folder_that_is_gone(project: Project) -> None:
    project.write("part/pytest.ini", "[pytest]\n")
    project.write(
        "tests/test_gone.py",
        "import shutil\ndef test_gone(request):\n    shutil.rmtree(request.config.rootpath)\n",
    )
    run = project.pytest("--rootdir=part", "-c", "part/pytest.ini", "tests/test_gone.py")
    assert run.status == 0, run.out + run.err
    assert len(run.said) == 1
    assert "can not be started (No such file or directory)" in run.said[0]


def test_a_broken_plugin_is_one_line_too(project: Project) -> None:
    project.write(
        "conftest.py",
        "from guwu import _settings\ndef broken(*_):\n    raise RuntimeError('a\\nb')\n_settings.resolve = broken\n",
    )
    run = project.pytest()
    assert run.status == 0
    assert run.said == ["[Gu Wu] the pytest plugin failed (RuntimeError: a b); run `guwu check` instead"]
