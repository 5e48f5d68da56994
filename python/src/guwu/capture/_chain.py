"""The exceptions of one failure, in the order of the failure JSON, and what can be told of each without asking it.

It deliberately looks at no frame; see :mod:`guwu.capture._failure`.
"""

from __future__ import annotations

import builtins
import pathlib
import re
import types
from dataclasses import dataclass
from typing import Any, Optional

from guwu.capture import _reflect
from guwu.capture._redact import Secrets

#: Exceptions of one failure, and characters of a message and of a source line.
_EXCEPTIONS, MESSAGE, SOURCE = 16, 4_096, 400

_KNOWN_STR = (types.WrapperDescriptorType, types.MethodDescriptorType)


@dataclass
class Link:
    """An exception of a failure."""

    error: BaseException
    #: How it came from the one before: ``cause``, ``context``, ``member`` or None.
    relation: Optional[str]
    #: Where it is within groups.
    path: tuple[int, ...]
    traceback: Optional[types.TracebackType]


def chain(error: BaseException, traceback: Optional[types.TracebackType]) -> list[Link]:
    """Return the exceptions of a failure, the root cause first, the primary last; members follow their group."""
    seen: set[int] = set()

    def follow(start: BaseException, tb: Optional[types.TracebackType], path: tuple[int, ...]) -> list[Link]:
        links: list[Link] = []
        at: Optional[BaseException] = start
        while at is not None and id(at) not in seen and len(seen) < _EXCEPTIONS:
            seen.add(id(at))
            links.append(Link(at, None, path, tb if at is start else _traceback(at)))
            # How this one came from the next, which is written before it.
            cause, context = _cause(at)
            links[-1].relation = "cause" if cause is not None else "context" if context is not None else None
            at = cause if cause is not None else context
        if links:
            links[-1].relation = None
        found: list[Link] = []
        for link in reversed(links):
            found.append(link)
            # As they are numbered where a group is printed.
            for index, member in enumerate(_members(link.error), start=1):
                if len(path) < 4:
                    inner = follow(member, _traceback(member), (*path, index))
                    if inner:
                        inner[0].relation = "member"
                    found += inner
        return found

    return follow(error, traceback, ())


_get_cause = BaseException.__dict__["__cause__"].__get__
_get_context = BaseException.__dict__["__context__"].__get__
traceback_of = BaseException.__dict__["__traceback__"].__get__
_get_suppress = BaseException.__dict__["__suppress_context__"].__get__
_get_args = BaseException.__dict__["args"].__get__


def _cause(error: BaseException) -> tuple[Optional[BaseException], Optional[BaseException]]:
    context = None if _get_suppress(error) else _get_context(error)
    return _get_cause(error), context


def _traceback(error: BaseException) -> Optional[types.TracebackType]:
    found: Optional[types.TracebackType] = traceback_of(error)
    return found


def _members(error: BaseException) -> tuple[BaseException, ...]:
    if not _is_group(error):
        return ()
    members = _reflect.slot_value(_reflect.namespace(_GROUP)["exceptions"], error)
    return members if type(members) is tuple else ()


#: Since 3.11.
_GROUP: Any = getattr(builtins, "BaseExceptionGroup", None)


def _is_group(error: BaseException) -> bool:
    return _GROUP is not None and _reflect.is_below(type(error), _GROUP)


_BANNER = re.compile(
    r"\n\n(?:The above exception was the direct cause of the following exception"
    r"|During handling of the above exception, another exception occurred):\n\n"
)


def printed(links: list[Link], formatted: Optional[str]) -> list[Optional[str]]:
    """Return the part of a formatted traceback that is about each exception; None where that is not clear."""
    if formatted is None:
        return [None] * len(links)
    parts: list[Optional[str]] = [*_BANNER.split(formatted)]
    if len(parts) == len(links) and not any(link.path for link in links):
        return parts
    return [None] * (len(links) - 1) + [formatted]


def message_of(error: BaseException, formatted: Optional[str] = None) -> Optional[str]:
    """Return the message of an exception without running a method of an unknown class.

    That is ``str(error)`` if its class leaves that to a builtin class; else what a formatted traceback ends with, if
    there is one; else the only argument if it is a text.
    """
    found = _reflect.lookup(type(error), "__str__")
    arguments = _get_args(error)
    if (
        any(type(found) is kind for kind in _KNOWN_STR)
        and _is_builtin(found.__objclass__)
        and _shows_safely(_shown_by(error, arguments))
    ):
        return str.__str__(found.__get__(error)())[:MESSAGE]
    told = _last_of(formatted, error) if formatted is not None else None
    if told is None and len(arguments) == 1 and type(arguments[0]) is str:
        told = str.__str__(arguments[0])
    return None if told is None else told[:MESSAGE]


def _is_builtin(cls: type) -> bool:
    return getattr(builtins, cls.__name__, None) is cls


def _shown_by(error: BaseException, arguments: tuple[Any, ...]) -> list[Any]:
    """Return what the text of a builtin exception shows."""
    shown = list(arguments)
    if _is_group(error):
        shown = [_reflect.slot_value(_reflect.namespace(_GROUP)["message"], error)]
    for cls, names in ((OSError, ("filename", "filename2")), (SyntaxError, ("msg", "filename"))):
        if _reflect.is_below(type(error), cls):
            shown += [_reflect.slot_value(_reflect.namespace(cls)[name], error) for name in names]
    return [each for each in shown if not any(type(each) is path for path in _PATHS)]


def _last_of(formatted: str, error: BaseException) -> Optional[str]:
    """Return the message with which a formatted traceback ends."""
    cls = type(error)
    module = _reflect.module_of(cls)
    name = _reflect.qualname(cls)
    start = f"{name}: " if module in ("builtins", "__main__") else f"{module}.{name}: "
    at = formatted.rfind(f"\n{start}")
    if at < 0:
        return None
    message = formatted[at + 1 + len(start) :]
    for note in reversed(added_notes(error)):
        message = message[: -len(note) - 1] if message.endswith(f"\n{note}") else message
    return message


#: What can be a file name besides texts.
_PATHS: tuple[type, ...] = (pathlib.PosixPath, pathlib.WindowsPath, pathlib.PurePosixPath, pathlib.PureWindowsPath)
_SHOWN = (str, int, float, bytes, bool, type(None))


def _shows_safely(value: Any, depth: int = 0) -> bool:
    """Tell whether the text of a value runs no method of an unknown class."""
    kind = type(value)
    if any(kind is known for known in _SHOWN):
        return kind is not int or value.bit_length() < 10_000
    if kind is tuple or kind is list:
        return depth < 3 and len(value) <= 50 and all(_shows_safely(each, depth + 1) for each in value)
    return False


def added_notes(error: BaseException) -> list[str]:
    """Return what was added by `add_note`."""
    notes = (_reflect.instance_dict(error) or {}).get("__notes__")
    if type(notes) is not list:
        return []
    return [note[:MESSAGE] for note in notes[:10] if type(note) is str]


def syntax(error: BaseException, secrets: Secrets) -> Optional[dict[str, Any]]:
    """Return the place of a SyntaxError."""
    if not _reflect.is_below(type(error), SyntaxError):
        return None
    file, line, text = (
        _reflect.slot_value(SyntaxError.__dict__[name], error) for name in ("filename", "lineno", "text")
    )
    return {
        "file": plain(file) if type(file) is str else None,
        "line": line if type(line) is int else None,
        "source_line": plain(secrets.clean(text.strip()[:SOURCE])) if type(text) is str else None,
    }


def plain(text: str) -> str:
    """Return a text that is valid UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
