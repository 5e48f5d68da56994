"""Makes the line of one failure: the chain of exceptions as in the failure JSON, and what was captured with it.

It deliberately decides neither whether a failure is written nor where to; see :mod:`guwu.capture._hooks`.
"""

from __future__ import annotations

import linecache
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Optional

from guwu.capture import _chain, _frames, _lazy, _models, _reflect, _replies, _request, _returned, _state
from guwu.capture._chain import Link, plain
from guwu.capture._classes import Classes
from guwu.capture._encode import Encoder
from guwu.capture._frames import Spot
from guwu.capture._inapp import Project
from guwu.capture._names import names_of
from guwu.capture._options import Options
from guwu.capture._redact import Redactor, Secrets
from guwu.capture._scrub import scrub

#: Frames of one exception (both ends are kept), callers of the frame that caught it, callers looked at for them.
_FRAMES, _OUTER, _CALLERS = 100, 10, 200
#: Parts of the time: until source lines are read, until values are, how long their names are looked for.
_FOR_SOURCES, _FOR_VALUES, _FOR_NAMES = 0.3, 0.8, 0.15

_PYTHON = ".".join(map(str, sys.version_info[:3]))


@dataclass
class _Own:
    """A frame of the application, and what is written of it."""

    entry: dict[str, Any]
    spot: Spot
    caller: Optional[Spot]


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
    #: The traceback as a log handler has formatted it.
    formatted: Optional[str] = None
    notes: list[str] = field(default_factory=list)


class Writer:
    """What every failure of this installation has in common."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.project = Project(options.roots)
        self.redactor = Redactor(options.redact, options.redact_patterns, emails=options.redact_emails)

    def identity(self, error: BaseException, traceback: Optional[types.TracebackType]) -> tuple[Any, ...]:
        """Return what tells one failure from another for the rate limit: the class, the innermost own function."""
        where: Optional[types.CodeType] = None
        for at, spot in enumerate(_walk(traceback)):
            code = spot.frame.f_code
            if where is None or self.project.has(code.co_filename):
                where = code
            if at > 1_000:
                break
        return (_reflect.class_name(type(error)), where and where.co_filename, where and where.co_firstlineno)

    def document(self, sighting: Sighting, *, values: bool) -> dict[str, Any]:
        """Return the JSON document of a failure."""
        clock, seconds = self.options.clock, self.options.limits.seconds
        start = clock()
        secrets = self.redactor.secrets()
        encoder = Encoder(self.options.limits, secrets, Classes(self.project), clock, start + seconds * _FOR_VALUES)
        exceptions: list[dict[str, Any]] = []
        sources: list[tuple[dict[str, Any], str, int]] = []
        own: list[_Own] = []
        links = _chain.chain(sighting.error, sighting.traceback)
        for index, (link, formatted) in enumerate(zip(links, _chain.printed(links, sighting.formatted))):
            exceptions.append(self._exception(link, formatted, secrets, index, own, sources))
        encoder.steps += len(sources)
        if not _read_sources(sources, secrets, lambda: clock() > start + seconds * _FOR_SOURCES):
            encoder.notes.add("time")
        captured: dict[str, Any] = {"version": 1, "python": _PYTHON, "frames": [], "outer": [], "request": None}
        if values:
            outer = self._outer(sighting)
            self._arguments(encoder, own, outer, lambda: clock() > start + seconds * _FOR_SOURCES)
            found = _request.find(sighting.traceback, sighting.frame, (link.error for link in links))
            if found is not None:
                captured["request"] = _request.describe(found, encoder)
            frames = [each.spot.frame for each in [*reversed(own), *outer]]
            variables = [_frames.variables(frame) for frame in frames]
            if _models.is_used():
                rows = [encoder.root(row) for row in _models.rows(variables)]
                if rows:
                    captured["rows"] = rows
            if _replies.is_used():
                told = _replies.replies(variables, (link.error for link in links))
                if told:
                    captured["replies"] = [_replies.describe(reply, encoder) for reply in told]
            encoder.run()
            # After all else: what was passed is worth more.
            self._returned(encoder, own, variables, lambda: clock() > start + seconds * _FOR_VALUES)
            state = self._state(encoder, zip(frames, variables), lambda: clock() > start + seconds * _FOR_VALUES)
            captured["frames"] = [each.entry for each in own]
            captured["outer"] = [each.entry for each in outer]
            # Once in a process, and again when modules were imported since: not on the time of the names.
            self.project.modules()
            until = max(start + seconds * (_FOR_VALUES + _FOR_NAMES), clock() + seconds * _FOR_NAMES)
            self._name(encoder, captured["request"], found, lambda: clock() > until)
            if state:
                captured["state"] = [_entry(name, value, node, encoder) for name, value, node in state]
        captured["notes"] = sorted({*sighting.notes, *encoder.notes})
        document = {
            "schema_version": 1,
            "platform": "python",
            "exceptions": exceptions,
            "level": sighting.level,
            "logger": sighting.logger,
            "timestamp": _timestamp(sighting.time),
            "log_message": None
            if sighting.message is None
            else plain(secrets.clean(sighting.message[: _chain.MESSAGE])),
            "captured": captured,
        }
        scrub(document, secrets)
        return document

    def _exception(
        self,
        link: Link,
        formatted: Optional[str],
        secrets: Secrets,
        index: int,
        own: list[Any],
        sources: list[Any],
    ) -> dict[str, Any]:
        cls = type(link.error)
        module = _reflect.module_of(cls)
        message = _chain.message_of(link.error, formatted)
        frames, mine = self._stack(link.traceback, sources)
        for at, spot, caller in mine:
            own.append(_Own({"exception": index, "frame": at}, spot, caller))
        return {
            "type": plain(_reflect.qualname(cls).rpartition(".")[2]),
            "module": None if module in ("builtins", "__main__") else plain(module),
            "message": None if message is None else plain(secrets.clean(message)),
            "notes": [plain(secrets.clean(note)) for note in _chain.added_notes(link.error)],
            "relation": link.relation,
            "group_path": list(link.path),
            "syntax": _chain.syntax(link.error, secrets),
            "frames": frames,
        }

    def _stack(
        self, traceback: Optional[types.TracebackType], sources: list[Any]
    ) -> tuple[list[dict[str, Any]], list[tuple[int, Spot, Optional[Spot]]]]:
        """Return the frames as in the failure JSON, and the application's own of them with index and caller."""
        entries: list[Any] = []
        before: Optional[Spot] = None
        for spot in _walk(traceback):
            key = (spot.frame.f_code, spot.line)
            if entries and entries[-1][0] == key:
                entries[-1][3] += 1
            else:
                entries.append([key, spot, before, 1])
            before = spot
        elided = len(entries) - _FRAMES
        if elided > 0:
            entries[_FRAMES // 2 : _FRAMES // 2 + elided] = [None]
        frames: list[dict[str, Any]] = []
        mine: list[tuple[int, Spot, Optional[Spot]]] = []
        for entry in entries:
            if entry is None:
                frames.append({"elided": elided})
                continue
            (code, line), spot, before, times = entry
            described = self._frame(code, line)
            sources.append((described, code.co_filename, line))
            for _ in range(min(times, 3)):
                if described["in_app"]:
                    mine.append((len(frames), spot, _caller(spot, before)))
                frames.append(described)
            # As Python prints it.
            if times > 3:
                frames.append({"repeated": times - 3})
        return frames, mine

    def _frame(self, code: types.CodeType, line: int) -> dict[str, Any]:
        file = code.co_filename
        return {
            "function": code.co_name,
            "file": plain(file),
            "line": line,
            "column": None,
            "source_line": None,
            "in_app": self.project.has(file),
            "async": False,
        }

    def _outer(self, sighting: Sighting) -> list[_Own]:
        """Return the application's own callers of the frame that caught the failure, nearest first."""
        caught = sighting.traceback.tb_frame if sighting.traceback is not None else None
        at = caught.f_back if caught is not None else sighting.frame
        found: list[_Own] = []
        for _ in range(_CALLERS):
            if at is None or len(found) == _OUTER:
                break
            if self.project.has(at.f_code.co_filename):
                spot = _running(at)
                found.append(
                    _Own({"file": plain(at.f_code.co_filename), "line": at.f_lineno}, spot, _caller(spot, None))
                )
            at = at.f_back
        return found

    def _arguments(self, encoder: Encoder, own: list[_Own], outer: list[_Own], late: Callable[[], bool]) -> None:
        """Start with every argument, those of the innermost frame of the primary exception first."""
        limit = self.options.limits.frames
        if len(own) > limit:
            encoder.notes.add("breadth")
            del own[limit // 3 : len(own) - (limit - limit // 3)]
        for each in [*reversed(own), *outer]:
            call = _frames.call_of(each.spot, each.caller, late)
            each.entry.update(module=call.module, qualname=call.qualname, kind=call.kind)
            each.entry["arguments"] = [
                {
                    "name": name,
                    "kind": kind,
                    "value": encoder.root(value, name),
                    **({"rebound": True} if name in call.rebound else {}),
                }
                for name, kind, value in call.arguments
            ]

    def _returned(
        self, encoder: Encoder, own: list[_Own], variables: list[dict[str, Any]], late: Callable[[], bool]
    ) -> None:
        """Add what calls of the functions of the trace had returned, and write it."""
        nearest_first = [*reversed(own)]
        for call in _returned.returned(zip((each.spot for each in nearest_first), variables), self.project, late):
            nearest_first[call.frame].entry.setdefault("returned", []).append(
                {
                    "name": call.variable,
                    "line": call.line,
                    "function": call.function,
                    **({"async": True} if call.is_awaited else {}),
                    "value": encoder.root(call.value, call.variable),
                }
            )
        encoder.run()

    def _state(
        self, encoder: Encoder, frames: Iterable[tuple[types.FrameType, dict[str, Any]]], late: Callable[[], bool]
    ) -> list[tuple[str, Any, Any]]:
        """Return name, value and node of what modules and classes hold, and write it as far as there is time."""
        held = _state.held(frames, self.project, late)
        if not held or late():
            return []
        nodes = [(name, value, encoder.root(value, name.rpartition(".")[2])) for name, value in held]
        encoder.run()
        return nodes

    def _name(self, encoder: Encoder, request: Any, found: Any, late: Callable[[], bool]) -> None:
        """Add the names under which the application's modules hold what was written, and the web application."""
        # A project of Django has one application, which its settings name.
        apps = found.apps if found is not None and request["framework"] != "django" else []
        apps = [app for app in apps if app is not None]
        names = names_of({*encoder.seen, *map(id, apps)}, {*map(id, apps)}, self.project, late)
        for identity, name in names.items():
            node = encoder.seen.get(identity)
            if node is None:
                continue
            if node["t"] == "opaque" and node["why"] == "local":
                node.clear()
                node.update(t="global", v=name)
            else:
                node["global"] = name
        if request is not None:
            named = (names[id(app)] for app in apps if id(app) in names)
            first = next(named, None)
            if first is not None:
                request["app"] = {"t": "global", "v": first}
            else:
                # What kind of one it is, is something.
                kinds = (type(app) for app in apps if _lazy.framework_of_application(type(app)) is not None)
                kind = next(kinds, None)
                opaque = {"t": "opaque", "class": None if kind is None else _reflect.class_name(kind), "why": "app"}
                request["app"] = None if kind is None else opaque


def _entry(name: str, value: Any, node: Any, encoder: Encoder) -> dict[str, Any]:
    """Return what is written of a value and its name: the one in the module that made it, where that is known."""
    held = encoder.seen.get(id(value), {}).get("global")
    is_of_module = "." not in name.partition(":")[2]
    return {"name": held if held is not None and is_of_module else name, "value": node}


def _read_sources(sources: list[Any], secrets: Secrets, late: Callable[[], bool]) -> bool:
    """Add source lines, of the application's innermost frames first; False when there was no time for all."""
    sources.reverse()
    sources.sort(key=lambda source: not source[0]["in_app"])
    for described, file, line in sources:
        if file.startswith("<"):
            continue
        # What printed the traceback has read the file already.
        if file not in linecache.cache and late():
            return False
        text = linecache.getline(file, line).strip()[: _chain.SOURCE]
        described["source_line"] = plain(secrets.clean(text)) or None
    return True


def _walk(traceback: Optional[types.TracebackType]) -> Iterator[Spot]:
    while traceback is not None:
        frame = traceback.tb_frame
        yield Spot(frame, traceback.tb_lasti, traceback.tb_lineno or frame.f_code.co_firstlineno)
        traceback = traceback.tb_next


def _running(frame: types.FrameType) -> Spot:
    return Spot(frame, frame.f_lasti, frame.f_lineno or frame.f_code.co_firstlineno)


def _caller(spot: Spot, before: Optional[Spot]) -> Optional[Spot]:
    """Return where a frame was called: in the frame before it in its traceback, or in one that still runs.

    A coroutine that has ended knows its caller no more.
    """
    back = spot.frame.f_back
    if before is not None and (back is None or before.frame is back):
        return before
    return None if back is None else _running(back)


def _timestamp(seconds: Optional[float]) -> str:
    moment = datetime.now(timezone.utc) if seconds is None else datetime.fromtimestamp(seconds, timezone.utc)
    return moment.isoformat(timespec="microseconds")
