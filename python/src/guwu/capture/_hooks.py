"""Installs and removes the hooks, and takes a failure from the hook that met it to the file.

A hook always does what was there before it, whatever happens here; what is raised in here stays in here, unless a
signal handler of the application raised it. It deliberately writes one exception once, where it is met first: the
callers of the frame that caught it and the request are read from the frames that still run.
"""

from __future__ import annotations

import functools
import gc
import json
import logging
import os
import sys
import sysconfig
import threading
import traceback
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Optional

from guwu.capture import _chain, _printed, _reflect, _write
from guwu.capture._failure import Sighting, Writer
from guwu.capture._options import Options
from guwu.capture._seen import Rate, Seen, is_exception

#: What ends a program or a task and is no failure.
_ENDS = (KeyboardInterrupt, SystemExit, GeneratorExit)


@dataclass
class Counts:
    """What happened to the failures that were met."""

    written: int = 0
    #: Met again, or more often than the rate limit allows.
    repeated: int = 0
    limited: int = 0
    #: Not written because of an error: of the file, or in here.
    unwritten: int = 0
    errors: int = 0


class Installation:
    """One installation: its settings and what it remembers."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.writer = Writer(options)
        self.seen = Seen()
        self.rate = Rate(options.limits.per_minute, options.limits.light_per_minute)
        self.counts = Counts()

    def take(self, sighting: Sighting) -> None:
        """Write a failure unless it was written."""
        if any(_reflect.is_below(type(sighting.error), end) for end in _ENDS):
            return
        if not self.seen.first(sighting.error):
            self.counts.repeated += 1
            return
        identity = self.writer.identity(sighting.error, sighting.traceback)
        values, skipped = self.rate.next(identity)
        if values is None:
            self.counts.limited += 1
            return
        if not values:
            sighting.notes.append("rate")
        document = self.writer.document(sighting, values=values)
        if "_pytest" in sys.modules and "PYTEST_CURRENT_TEST" in os.environ:
            document["captured"]["test"] = os.environ["PYTEST_CURRENT_TEST"]
        if skipped:
            document["captured"]["skipped"] = skipped
        limits = self.options.limits
        line = _line(document, limits.line)
        try:
            _write.append(self.options.path, line, limits.file, limits.backups)
            self.counts.written += 1
        except OSError as error:
            if _is_foreign(error):  # a TimeoutError of an alarm is one, too
                raise
            self.counts.unwritten += 1


def _line(document: dict[str, Any], largest: int) -> bytes:
    """Return the line, without values from the outside in until it fits."""
    captured = document["captured"]
    for shorten in (_nothing, _without_outer, _without_body, _without_frames, _without_sources):
        if shorten is not _nothing:
            captured["notes"] = sorted({*captured["notes"], "size"})
        shorten(document)
        line = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"
        if len(line) <= largest:
            break
    return line


def _nothing(_: dict[str, Any]) -> None:
    pass


def _without_outer(document: dict[str, Any]) -> None:
    document["captured"]["outer"] = []


def _without_body(document: dict[str, Any]) -> None:
    if document["captured"]["request"] is not None:
        document["captured"]["request"]["body"] = None


def _without_frames(document: dict[str, Any]) -> None:
    document["captured"]["frames"] = []


def _without_sources(document: dict[str, Any]) -> None:
    for exception in document["exceptions"]:
        exception["notes"] = []
        exception["frames"] = [
            {**frame, "source_line": None} if "line" in frame else frame for frame in exception["frames"]
        ]


# --- the installation in force


_active: Optional[Installation] = None
_busy = threading.local()


def active() -> Optional[Installation]:
    """Return the installation in force."""
    return _active


def tell(sighting: Sighting) -> None:
    """Write a failure; never raises, and does nothing when called from within itself."""
    installation = _active
    if installation is None or getattr(_busy, "here", False):
        return
    _busy.here = True
    # What is made in here is gone when it is done, and free of cycles: to collect it would be to search the objects of
    # the application for nothing.
    collects = gc.isenabled()
    if collects:
        _pauses.append(None)
        gc.disable()
    try:
        installation.take(sighting)
    except Exception as error:
        installation.counts.errors += 1
        if _is_foreign(error):
            raise
    finally:
        if collects:
            gc.enable()
            del _pauses[-1:]
        _busy.here = False


#: One for each thread that has paused the collector, so that a process that is forked meanwhile can go on collecting.
_pauses: list[None] = []


def _after_fork() -> None:
    if _pauses:
        _pauses.clear()
        gc.enable()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _is_foreign(error: BaseException) -> bool:
    """Tell whether an exception came out of code that nothing in here calls: of a signal handler, of another thread."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    if at is None:
        return False
    file = at.tb_frame.f_code.co_filename
    if file.startswith((os.path.dirname(__file__), "<")):
        return False
    folder = sysconfig.get_paths().get("stdlib") or ""
    return not file.startswith(folder) or "site-packages" in file


# --- hooks


@dataclass
class _Hook:
    """A function of a module or class that is replaced by one that calls it."""

    owner: Any
    name: str
    make: Callable[[Callable[..., Any], _Hook], Callable[..., Any]]
    on: bool = False
    previous: Any = None
    ours: Any = field(default=None)

    def install(self) -> None:
        if self.ours is not None and self._is_there():
            self.on = True
            return
        self.previous = getattr(self.owner, self.name)
        self.ours = self.make(self.previous, self)
        setattr(self.owner, self.name, self.ours)
        self.on = True

    def uninstall(self) -> None:
        """Put back what was there; if another hook was put over this one, only stop."""
        self.on = False
        if self.ours is not None and getattr(self.owner, self.name) is self.ours:
            setattr(self.owner, self.name, self.previous)
            self.ours = self.previous = None

    def _is_there(self) -> bool:
        """Tell whether a hook that calls this one is in place; who knows where it leads, so it is taken to be."""
        return getattr(self.owner, self.name) is not self.previous


def _make_call_handlers(previous: Callable[..., Any], hook: _Hook) -> Callable[..., Any]:
    def callHandlers(self: logging.Logger, record: logging.LogRecord) -> Any:  # noqa: N802
        if not record.exc_info or not hook.on:
            return previous(self, record)
        # A handler may take it off the record.
        told = record.exc_info
        try:
            return previous(self, record)
        finally:
            tell_record(record, told)

    return callHandlers


def tell_record(record: logging.LogRecord, told: Any) -> None:
    """Write the failure of a log record."""
    if type(told) is not tuple or len(told) != 3 or not is_exception(told[1]):
        return
    # Celery hands on a copy that has no frames.
    traceback = told[2] if type(told[2]) is types.TracebackType else _chain.traceback_of(told[1])
    tell(
        Sighting(
            told[1],
            traceback,
            level=_reflect.text(record.levelname),
            logger=_reflect.text(record.name),
            message=_message(record),
            time=record.created if type(record.created) is float else None,
            frame=sys._getframe(2),
            formatted=_reflect.text(record.exc_text),
        )
    )


class _Shown:
    """Stands in a message for a value of an unknown class."""

    def __init__(self, cls: type) -> None:
        self._text = f"<{_reflect.qualname(cls)}>"

    def __repr__(self) -> str:
        return self._text


def _message(record: logging.LogRecord) -> Optional[str]:
    """Return the message as a handler has formatted it, else with the arguments that can be shown safely."""
    formatted = record.__dict__.get("message")
    if type(formatted) is str:
        return formatted
    pattern, arguments = record.msg, record.args
    if type(pattern) is not str:
        return None
    try:
        if type(arguments) is tuple and arguments:
            return pattern % tuple(map(_shown, arguments))
        if type(arguments) is dict and arguments:
            return pattern % {key: _shown(value) for key, value in arguments.items() if type(key) is str}
    except (TypeError, ValueError, KeyError, OverflowError):
        pass
    return pattern


def _shown(value: Any) -> Any:
    kind = type(value)
    if any(kind is plain for plain in (str, int, float, bool, type(None))):
        return value
    return _Shown(kind)


def _make_excepthook(previous: Callable[..., Any], hook: _Hook) -> Callable[..., Any]:
    def excepthook(kind: Any, error: Any, traceback: Any) -> Any:
        try:
            if hook.on and is_exception(error):
                tell(Sighting(error, traceback, level="CRITICAL"))
        finally:
            # Not bound for longer than needed: the caller's traceback is part of a cycle otherwise.
            result = previous(kind, error, traceback)
        return result

    return excepthook


def _make_thread_excepthook(previous: Callable[..., Any], hook: _Hook) -> Callable[..., Any]:
    def excepthook(told: Any) -> Any:
        try:
            if hook.on and is_exception(told.exc_value):
                tell(Sighting(told.exc_value, told.exc_traceback, level="CRITICAL"))
        finally:
            result = previous(told)
        return result

    return excepthook


def _make_printing(previous: Callable[..., Any], hook: _Hook) -> Callable[..., Any]:
    @functools.wraps(previous)
    def printing(*arguments: Any, **keywords: Any) -> Any:
        try:
            return previous(*arguments, **keywords)
        finally:
            if hook.on:
                _tell_printed(arguments, keywords, sys._getframe(1))

    return printing


def _tell_printed(arguments: tuple[Any, ...], keywords: dict[str, Any], at: types.FrameType) -> None:
    installation = _active
    if installation is None or getattr(_busy, "here", False):
        return
    frame = _printed.asked_by(at, installation.writer.project.has)
    told = None if frame is None else _printed.sighting(arguments, keywords, frame)
    if told is not None:
        tell(told)


_HOOKS = (
    _Hook(logging.Logger, "callHandlers", _make_call_handlers),
    _Hook(sys, "excepthook", _make_excepthook),
    _Hook(threading, "excepthook", _make_thread_excepthook),
    *(_Hook(traceback, name, _make_printing) for name in _printed.FUNCTIONS),
)


def install(options: Options) -> Installation:
    """Put the hooks in place; a second time only changes the settings."""
    global _active
    _active = Installation(options)
    for hook in _HOOKS:
        hook.install()
    return _active


def uninstall() -> None:
    """Take the hooks away."""
    global _active
    _active = None
    for hook in _HOOKS:
        hook.uninstall()
