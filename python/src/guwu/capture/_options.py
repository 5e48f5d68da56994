"""The settings of a capture, and what is taken from the environment. It deliberately starts nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Optional, Union

#: Where failures are written, relative to the folder in which capturing is installed.
PATH = os.path.join("app", "logs", "guwu-failures.jsonl")


def _clock() -> Callable[[], float]:
    """Return the thread's own time where the system counts it finely: a busy machine must not cut a capture short."""
    own: Optional[Callable[[], float]] = getattr(time, "thread_time", None)
    return own if own is not None and time.get_clock_info("thread_time").resolution < 1e-3 else time.perf_counter


CLOCK = _clock()

PathLike = Union[str, "os.PathLike[str]"]


@dataclass(frozen=True)
class Limits:
    """How much is written of one failure, and how long that may take."""

    #: How deep containers and objects are followed; an argument is at depth 0.
    depth: int = 8
    #: Elements of one container, attributes of one object.
    breadth: int = 200
    #: Values of one failure.
    nodes: int = 5_000
    #: Characters of one text, bytes of one value of bytes.
    text: int = 4_096
    #: Bytes of the body of a request.
    body: int = 65_536
    #: Frames of one exception of which the arguments are written.
    frames: int = 30
    #: Bytes of a line.
    line: int = 256 * 1024
    #: Seconds for one failure.
    seconds: float = 0.010
    #: Full captures of one failure (type and innermost function of the application) in a minute.
    per_minute: int = 5
    #: Lines without values of one failure in a minute.
    light_per_minute: int = 60
    #: Bytes of the file before it is rotated, and how many old files are kept.
    file: int = 20 * 1024 * 1024
    backups: int = 3


@dataclass(frozen=True)
class Options:
    """What :func:`guwu.capture.install` was told."""

    path: str
    roots: tuple[str, ...]
    limits: Limits = Limits()
    #: More names whose values are secret, and more patterns (regular expressions) of secrets.
    redact: tuple[str, ...] = ()
    redact_patterns: tuple[str, ...] = ()
    #: Whether mail addresses are secrets.
    redact_emails: bool = False
    #: What tells the time for the budget.
    clock: Callable[[], float] = CLOCK


def path_of(path: Optional[PathLike]) -> str:
    """Return the file to write: as given, from the environment, else the default."""
    chosen = os.fspath(path) if path is not None else os.environ.get("GUWU_CAPTURE_PATH") or PATH
    return os.path.abspath(chosen)


def roots_of(roots: Optional[Union[PathLike, Iterable[PathLike]]]) -> tuple[str, ...]:
    """Return the folders of the application: as given, from the environment, else the current folder."""
    if roots is None:
        named: Sequence[str] = [root for root in os.environ.get("GUWU_CAPTURE_ROOTS", "").split(os.pathsep) if root]
        return tuple(map(os.path.abspath, named or [os.getcwd()]))
    if isinstance(roots, (str, os.PathLike)):
        roots = [roots]
    return tuple(os.path.abspath(os.fspath(root)) for root in roots)
