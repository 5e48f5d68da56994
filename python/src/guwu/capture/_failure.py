"""Makes the line of one failure: the chain of exceptions as in the failure JSON, and what was captured with it.

It deliberately decides neither whether a failure is written nor where to; see :mod:`guwu.capture._hooks`.
"""

from __future__ import annotations

import linecache
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from platform import python_version
from typing import Any, Optional

from guwu.capture import _frames, _reflect
from guwu.capture._classes import Classes
from guwu.capture._encode import Encoder
from guwu.capture._inapp import Project
from guwu.capture._options import Options
from guwu.capture._redact import Redactor, Secrets
from guwu.capture._scrub import scrub

#: Exceptions of one failure, frames of one exception (both ends are kept), callers of the frame that caught it.
_EXCEPTIONS, _FRAMES, _OUTER = 16, 100, 10
#: Callers looked at.
_CALLERS = 200
#: Characters of a message and of a source line.
_MESSAGE, _SOURCE = 4_096, 400

_KNOWN_STR = (types.WrapperDescriptorType, types.MethodDescriptorType)


@dataclass
class Sighting:
    """A failure as it was caught."""

    error: BaseException
    traceback: Optional[types.TracebackType]
    level: Optional[str] = None
    logger: Optional[str] = None
    message: Optional[str] = None
    #: Seconds since the epoch.
    time: Optional[float] = None
    #: The frame that caught it or told of it, when that still runs.
    frame: Optional[types.FrameType] = None
    notes: list[str] = field(default_factory=list)


@dataclass
class _Link:
    error: BaseException
    relation: Optional[str]
    path: tuple[int, ...]
    traceback: Optional[types.TracebackType]


def chain(error: BaseException, traceback: Optional[types.TracebackType]) -> list[_Link]:
    """Return the exceptions of a failure, the root cause first, the primary last; members follow their group."""
    seen: set[int] = set()

    def follow(start: BaseException, tb: Optional[types.TracebackType], path: tuple[int, ...]) -> list[_Link]:
        links: list[_Link] = []
        at: Optional[BaseException] = start
        while at is not None and id(at) not in seen and len(seen) < _EXCEPTIONS:
            seen.add(id(at))
            links.append(_Link(at, None, path, tb if at is start else _traceback(at)))
            # How this one came from the next, which is written before it.
            cause, context = _cause(at)
            links[-1].relation = "cause" if cause is not None else "context" if context is not None else None
            at = cause if cause is not None else context
        if links:
            links[-1].relation = None
        found: list[_Link] = []
        for link in reversed(links):
            found.append(link)
            for index, member in enumerate(_members(link.error)):
                if len(path) < 4:
                    inner = follow(member, _traceback(member), (*path, index))
                    if inner:
                        inner[0].relation = "member"
                    found += inner
        return found

    return follow(error, traceback, ())


_get_cause = BaseException.__dict__["__cause__"].__get__
_get_context = BaseException.__dict__["__context__"].__get__
_get_traceback = BaseException.__dict__["__traceback__"].__get__
_get_suppress = BaseException.__dict__["__suppress_context__"].__get__
_get_args = BaseException.__dict__["args"].__get__


def _cause(error: BaseException) -> tuple[Optional[BaseException], Optional[BaseException]]:
    context = None if _get_suppress(error) else _get_context(error)
    return _get_cause(error), context


def _traceback(error: BaseException) -> Optional[types.TracebackType]:
    found: Optional[types.TracebackType] = _get_traceback(error)
    return found


def _members(error: BaseException) -> tuple[BaseException, ...]:
    group = (
        getattr(__builtins__, "BaseExceptionGroup", None)
        if not isinstance(__builtins__, dict)
        else (__builtins__.get("BaseExceptionGroup"))
    )
    if group is None or group not in _reflect.mro(type(error)):
        return ()
    members = _reflect.slot_value(_reflect.namespace(group)["exceptions"], error)
    return members if type(members) is tuple else ()


def message_of(error: BaseException) -> Optional[str]:
    """Return ``str(error)`` if the class leaves that to a builtin class; else the only argument if it is a text."""
    found = _reflect.lookup(type(error), "__str__")
    arguments = _get_args(error)
    if type(found) in _KNOWN_STR and _shows_safely(arguments):
        return str.__str__(found.__get__(error)())[:_MESSAGE]
    if len(arguments) == 1 and type(arguments[0]) is str:
        return str.__str__(arguments[0])[:_MESSAGE]
    return None


_SHOWN = (str, int, float, bytes, bool, type(None))


def _shows_safely(value: Any, depth: int = 0) -> bool:
    """Tell whether the text of a value runs no method of an unknown class."""
    kind = type(value)
    if any(kind is known for known in _SHOWN):
        return kind is not int or value.bit_length() < 10_000
    if kind is tuple or kind is list:
        return depth < 3 and len(value) <= 50 and all(_shows_safely(each, depth + 1) for each in value)
    return False


class Writer:
    """What every failure of this installation has in common."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.project = Project(options.roots)
        self.redactor = Redactor(options.redact, options.redact_patterns, emails=options.redact_emails)

    def identity(self, error: BaseException, traceback: Optional[types.TracebackType]) -> tuple[Any, ...]:
        """Return what tells one failure from another for the rate limit: the class, the innermost own function."""
        where: Optional[types.CodeType] = None
        for at, (frame, _) in enumerate(_walk(traceback)):
            if where is None or self.project.has(frame.f_code.co_filename):
                where = frame.f_code
            if at > 1_000:
                break
        return (_reflect.class_name(type(error)), where and where.co_filename, where and where.co_firstlineno)

    def document(self, sighting: Sighting, *, values: bool) -> dict[str, Any]:
        """Return the JSON document of a failure."""
        clock = self.options.clock
        deadline = clock() + self.options.limits.seconds
        secrets = self.redactor.secrets()
        classes = Classes(self.project)
        encoder = Encoder(self.options.limits, secrets, classes, clock, deadline)
        links = chain(sighting.error, sighting.traceback)
        exceptions: list[dict[str, Any]] = []
        own: list[tuple[dict[str, Any], types.FrameType]] = []
        for index, link in enumerate(links):
            exceptions.append(self._exception(link, secrets, index, own, encoder))
        captured: dict[str, Any] = {
            "version": 1,
            "python": python_version(),
            "frames": [],
            "outer": [],
            "request": None,
        }
        notes = list(sighting.notes)
        if values:
            outer = self._outer(sighting)
            self._arguments(encoder, own, outer)
            encoder.run()
            captured["frames"] = [entry for entry, _ in own]
            captured["outer"] = [entry for entry, _ in outer]
        captured["notes"] = sorted({*notes, *encoder.notes})
        document = {
            "schema_version": 1,
            "platform": "python",
            "exceptions": exceptions,
            "level": sighting.level,
            "logger": sighting.logger,
            "timestamp": _timestamp(sighting.time),
            "log_message": None if sighting.message is None else _plain(secrets.clean(sighting.message[:_MESSAGE])),
            "captured": captured,
        }
        scrub(document, secrets)
        return document

    def _exception(self, link: _Link, secrets: Secrets, index: int, own: list[Any], encoder: Encoder) -> dict[str, Any]:
        cls = type(link.error)
        module = _reflect.module_of(cls)
        message = message_of(link.error)
        frames, mine = self._stack(link.traceback, secrets, encoder)
        for at, frame in mine:
            own.append(({"exception": index, "frame": at}, frame))
        return {
            "type": _plain(_reflect.qualname(cls).rpartition(".")[2]),
            "module": None if module == "builtins" else _plain(module),
            "message": None if message is None else _plain(secrets.clean(message)),
            "notes": [_plain(secrets.clean(note)) for note in _added_notes(link.error)],
            "relation": link.relation,
            "group_path": list(link.path),
            "syntax": _syntax(link.error, secrets),
            "frames": frames,
        }

    def _stack(
        self, traceback: Optional[types.TracebackType], secrets: Secrets, encoder: Encoder
    ) -> tuple[list[dict[str, Any]], list[tuple[int, types.FrameType]]]:
        """Return the frames as in the failure JSON, and the application's own of them with their index."""
        entries: list[Any] = []
        for frame, line in _walk(traceback):
            key = (frame.f_code, line)
            if entries and entries[-1][0] == key:
                entries[-1][2] += 1
            else:
                entries.append([key, frame, 1])
        elided = len(entries) - _FRAMES
        if elided > 0:
            entries[_FRAMES // 2 : _FRAMES // 2 + elided] = [None]
        frames: list[dict[str, Any]] = []
        mine: list[tuple[int, types.FrameType]] = []
        for entry in entries:
            if entry is None:
                frames.append({"elided": elided})
                continue
            (code, line), frame, times = entry
            described = self._frame(code, line, secrets)
            encoder.steps += 1
            for _ in range(min(times, 3)):
                if described["in_app"]:
                    mine.append((len(frames), frame))
                frames.append(described)
            # As Python prints it.
            if times > 3:
                frames.append({"repeated": times - 3})
        return frames, mine

    def _frame(self, code: types.CodeType, line: int, secrets: Secrets) -> dict[str, Any]:
        file = code.co_filename
        source = linecache.getline(file, line).strip()[:_SOURCE] if not file.startswith("<") else ""
        return {
            "function": code.co_name,
            "file": _plain(file),
            "line": line,
            "column": None,
            "source_line": _plain(secrets.clean(source)) or None,
            "in_app": self.project.has(file),
            "async": False,
        }

    def _outer(self, sighting: Sighting) -> list[tuple[dict[str, Any], types.FrameType]]:
        """Return the application's own callers of the frame that caught the failure, nearest first."""
        caught = sighting.traceback.tb_frame if sighting.traceback is not None else None
        at = caught.f_back if caught is not None else sighting.frame
        found: list[tuple[dict[str, Any], types.FrameType]] = []
        for _ in range(_CALLERS):
            if at is None or len(found) == _OUTER:
                break
            if self.project.has(at.f_code.co_filename):
                found.append(({"file": _plain(at.f_code.co_filename), "line": at.f_lineno}, at))
            at = at.f_back
        return found

    def _arguments(self, encoder: Encoder, own: list[Any], outer: list[Any]) -> None:
        """Start with every argument, those of the innermost frame of the primary exception first."""
        limit = self.options.limits.frames
        if len(own) > limit:
            encoder.notes.add("breadth")
            del own[limit // 3 : len(own) - (limit - limit // 3)]
        for entry, frame in [*reversed(own), *outer]:
            call = _frames.call_of(frame)
            entry.update(module=call.module, qualname=call.qualname, kind=call.kind)
            entry["arguments"] = [
                {"name": name, "kind": kind, "value": encoder.root(value, name)} for name, kind, value in call.arguments
            ]


def _walk(traceback: Optional[types.TracebackType]) -> Iterator[tuple[types.FrameType, int]]:
    while traceback is not None:
        yield traceback.tb_frame, traceback.tb_lineno or traceback.tb_frame.f_code.co_firstlineno
        traceback = traceback.tb_next


def _added_notes(error: BaseException) -> list[str]:
    notes = (_reflect.instance_dict(error) or {}).get("__notes__")
    if type(notes) is not list:
        return []
    return [note[:_MESSAGE] for note in notes[:10] if type(note) is str]


def _syntax(error: BaseException, secrets: Secrets) -> Optional[dict[str, Any]]:
    if SyntaxError not in _reflect.mro(type(error)):
        return None
    file, line, text = (
        _reflect.slot_value(SyntaxError.__dict__[name], error) for name in ("filename", "lineno", "text")
    )
    return {
        "file": _plain(file) if type(file) is str else None,
        "line": line if type(line) is int else None,
        "source_line": _plain(secrets.clean(text.strip()[:_SOURCE])) if type(text) is str else None,
    }


def _timestamp(seconds: Optional[float]) -> str:
    moment = datetime.now(timezone.utc) if seconds is None else datetime.fromtimestamp(seconds, timezone.utc)
    return moment.isoformat(timespec="microseconds")


def _plain(text: str) -> str:
    """Return a text that is valid UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
