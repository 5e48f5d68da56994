"""Finds what calls had returned: of each function of the trace, what variables hold that a call was assigned to.

Which variables those are is read from the function's source: an assignment of nothing but a call, the only one to that
name, on a line before the one that failed. Whom it called is looked up as the names stand now. It deliberately calls
nothing, and says nothing of a call whose function it cannot name or that is not the application's own.
"""

from __future__ import annotations

import inspect
import linecache
import re
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Optional

from guwu.capture import _origin, _reflect
from guwu.capture._frames import Spot
from guwu.capture._inapp import Project

#: Calls of one failure, and lines of one function that are looked at for them.
MOST = 12
_LINES = 300
_ASSIGNED = re.compile(r"\s+([A-Za-z_]\w*)\s*(?::[^=]+)?=\s*(?:await\s+)?[A-Za-z_][\w.]*\(")


@dataclass
class Returned:
    """What a call had returned."""

    #: Which of the frames made the call.
    frame: int
    #: The variable that it was assigned to, and where.
    variable: str
    line: int
    #: `module:qualname` of the function.
    function: str
    is_awaited: bool
    value: Any


def returned(
    frames: Iterable[tuple[Spot, dict[str, Any]]], project: Project, late: Callable[[], bool]
) -> list[Returned]:
    """Return what calls had returned, those of the first frame first. A frame comes with its variables."""
    found: list[Returned] = []
    met: set[types.CodeType] = set()
    for number, (spot, variables) in enumerate(frames):
        code = spot.frame.f_code
        if code in met or not code.co_flags & inspect.CO_OPTIMIZED:
            continue
        met.add(code)
        if len(found) >= MOST or (code.co_filename not in linecache.cache and late()):
            break
        found += _of(number, spot, variables, project)
    return found[:MOST]


def _of(number: int, spot: Spot, variables: dict[str, Any], project: Project) -> Iterator[Returned]:
    code = spot.frame.f_code
    once = _origin.bound_once(code) & variables.keys()
    if not once:
        return
    caller = _origin.Caller(code, spot.offset, spot.line, variables, spot.frame.f_globals)
    last = min(spot.line, code.co_firstlineno + _LINES)
    lines = linecache.getlines(code.co_filename)
    for line in range(code.co_firstlineno + 1, last):
        text = lines[line - 1] if line <= len(lines) else ""
        assigned = _ASSIGNED.match(text)
        if assigned is None or assigned[1] not in once:
            continue
        call = _origin.assigned_call(lines, line)
        function = None if call is None else _name(_origin.value_of(call[0].func, caller), project)
        if call is not None and function is not None:
            yield Returned(number, assigned[1], line, function, call[1], variables[assigned[1]])


def _name(function: Any, project: Project) -> Optional[str]:
    """Return the name under which a function or a method's function is to be had."""
    for _ in range(2):
        kind = type(function)
        if kind is types.MethodType or kind is staticmethod:
            function = function.__func__
    if type(function) is not types.FunctionType or type(function.__module__) is not str:
        return None
    if not project.has(function.__code__.co_filename):
        return None
    found = _reflect.resolve(function.__module__, function.__qualname__)
    if type(found) is classmethod:
        found = found.__func__
    return f"{function.__module__}:{function.__qualname__}" if found is function else None
