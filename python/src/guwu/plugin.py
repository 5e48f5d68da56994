"""The pytest plugin: at the end of a run it asks ``guwu check`` and prints what that says.

It never changes the exit status (unless asked), never touches ``sys.stdout``, never lets an exception out and does
nothing in workers of pytest-xdist. It decides nothing about failures; that is the program's work.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Optional

import pytest

from guwu import _program, _settings
from guwu._find_guwu import find_guwu

#: Lines of an alert printed at most, and characters of a line of the plugin's own.
_LINES = 200
_WIDTH = 500

#: How an alert starts.
_HEADS = ("[Gu Wu]", "CRITICAL:")

#: Control characters but tabulators, and colour sequences, which may stay where colour is wanted.
_CONTROLS = re.compile(r"\x1b\[[0-9;]*m|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

#: How the program starts a line on standard error.
_OWN = "guwu: "

#: The run that this process reports on; a run inside a test (pytester) is not reported on.
_active: Optional[pytest.Config] = None

_session = pytest.StashKey[pytest.Session]()
_interrupted = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Flags, and the ini keys, also those that only the program reads: pytest complains about unknown keys."""
    group = parser.getgroup("guwu", "Gu Wu: failures in production that no test caught")
    group.addoption(
        "--no-guwu",
        dest="guwu_off",
        action="store_true",
        default=None,
        help="do not run `guwu check` at the end",
    )
    group.addoption(
        "--guwu-timeout",
        dest="guwu_timeout",
        type=float,
        metavar="SECONDS",
        help=f"how long `guwu check` may take (default: {_settings.TIMEOUT:g})",
    )
    group.addoption(
        "--guwu-strict",
        dest="guwu_strict",
        action="store_true",
        default=None,
        help="fail the run when `guwu check` has something to say",
    )
    group.addoption(
        "--guwu-read-only",
        dest="guwu_read_only",
        action="store_true",
        default=None,
        help="only look: write no test and no state (always so in continuous integration)",
    )
    parser.addini("guwu", "the same as guwu_pytest", default=None)
    for name in _settings.NAMES:
        for spelling in (_settings.constant(name).lower(), _settings.constant(name)):
            parser.addini(spelling, f"`{name}` of Gu Wu (see `guwu config`)", default=None)


def pytest_configure(config: pytest.Config) -> None:
    """Notice the outermost run of this process."""
    global _active
    if _active is None:
        _active = config


def pytest_unconfigure(config: pytest.Config) -> None:
    """Forget the run."""
    global _active
    if _active is config:
        _active = None


def pytest_sessionstart(session: pytest.Session) -> None:
    """Keep the session: its exit status is what ``--guwu-strict`` sets."""
    session.config.stash[_session] = session


def pytest_keyboard_interrupt(excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """Notice that the developer wants to stop (collection errors come here too, as another type)."""
    if _active is not None and excinfo.type is KeyboardInterrupt:
        _active.stash[_interrupted] = True


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> Generator[None, None, None]:
    """Report behind everything else, where it is still on the screen after a long list of failures."""
    yield
    try:
        if _wanted(config):
            _report(terminalreporter, config)
    except KeyboardInterrupt:
        _say(terminalreporter, "interrupted; run `guwu check` to see what it would have said")
    except Trouble as trouble:
        _say(terminalreporter, str(trouble))
    except Exception as error:
        _say(terminalreporter, f"the pytest plugin failed ({type(error).__name__}: {error}); run `guwu check` instead")


class Trouble(Exception):
    """Why there is no answer, in one line that ends with what to do."""


def _wanted(config: pytest.Config) -> bool:
    """Whether this process and this run are the place to look for failures."""
    return (
        config is _active
        and not hasattr(config, "workerinput")
        and not config.stash.get(_interrupted, False)
        and not any(config.getoption(name, False) for name in ("collectonly", "setupplan", "no_summary"))
        # Gu Wu itself runs pytest to prove a test; looking again from there would never end.
        and not any(os.environ.get(name) for name in ("GUWU_VERIFYING", "GUWU_INSIDE_PYTEST"))
    )


def _mute(config: pytest.Config) -> bool:
    """Whether pytest was told ``-qq``."""
    return int(config.option.verbose) <= -2


def _report(reporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    settings = _settings.resolve(config, os.environ)
    if not settings.enabled or (_mute(config) and not settings.strict):
        return
    colour = reporter.hasmarkup
    arguments = ["check", "--color", "always" if colour else "never"]
    # What nobody gets to read must not count as told.
    if settings.read_only or _mute(config):
        arguments.append("--read-only")
    # The program plans with the same limit, in whole seconds, so that it ends by itself.
    environment = {"GUWU_INSIDE_PYTEST": "1", "GUWU_TIMEOUT": str(max(1, int(settings.timeout)))}
    if not settings.has_python:
        environment["GUWU_PYTHON"] = sys.executable
    lines = _check(arguments, config.rootpath, environment, settings.timeout)
    if not lines:
        return
    if not _mute(config):
        reporter.ensure_newline()
        for line in lines[:_LINES]:
            reporter.write_line(_clean(line, colour))
    if settings.ci is not None:
        _say(
            reporter,
            f"read-only: environment variable `{settings.ci}` is set; run guwu scan locally to generate tests",
        )
    session = config.stash.get(_session, None)
    if settings.strict and session is not None and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        _say(reporter, "strict: the run fails because of the above; leave out `--guwu-strict` to only be told")


def _check(arguments: list[str], folder: Path, environment: dict[str, str], timeout: float) -> list[str]:
    """The lines of the alert; none when there is nothing to say."""
    try:
        program = find_guwu()
    except FileNotFoundError as error:
        raise Trouble(str(error)) from None
    try:
        outcome = _program.run([program, *arguments], folder, {**os.environ, **environment}, timeout)
    except OSError as error:
        raise Trouble(
            f"`{program}` can not be started ({error.strerror}); run `pip install --force-reinstall guwu`"
        ) from None
    if outcome.status is None:
        raise Trouble(
            f"`guwu check` did not end within {timeout:g} s and was stopped; "
            "run it to see why, or give it longer with `--guwu-timeout`"
        )
    if outcome.status not in (0, 1):
        raise Trouble(_failure(outcome))
    text = outcome.stdout.strip()
    if text and not _plain(text).startswith(_HEADS):
        raise Trouble(f"`{program}` printed something that is no alert; run `guwu --version` to see what it is")
    return text.splitlines()


def _failure(outcome: _program.Outcome) -> str:
    said = outcome.stderr.strip().splitlines()
    if said:
        # Its own last word, behind the lesser problems; what is not its own (a panic, a usage error) starts with it.
        own = [line[len(_OWN) :] for line in said if line.startswith(_OWN)]
        return f"`guwu check` failed: {own[-1] if own else said[0]}"
    if outcome.status is not None and outcome.status < 0:
        return f"`guwu check` was ended by signal {-outcome.status}; run it to see why"
    return f"`guwu check` ended with status {outcome.status}; run it to see why"


def _say(reporter: pytest.TerminalReporter, message: str) -> None:
    """One line of the plugin's own; a terminal that is gone is nobody's fault."""
    with contextlib.suppress(Exception):
        if not _mute(reporter.config):
            reporter.ensure_newline()
            line = " ".join(message.split())[:_WIDTH]
            reporter.write_line(f"[Gu Wu] {_plain(line)}")


def _clean(line: str, colour: bool) -> str:
    """Without what would steer the terminal; colours stay where they are wanted."""
    if not colour or "\x1b" not in line:
        return _plain(line)
    return _CONTROLS.sub(lambda found: found[0] if found[0].startswith("\x1b[") else "", line) + "\x1b[0m"


def _plain(text: str) -> str:
    return _CONTROLS.sub("", text)
