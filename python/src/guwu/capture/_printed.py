"""Failures that a handler prints, or has as text, with :mod:`traceback` instead of logging them.

Libraries ask for such texts for reasons of their own, a retry or a process to be told of it, so that they are heard
where the application's own code asks, or a logger that prints instead of using :mod:`logging`.
"""

from __future__ import annotations

import traceback
import types
from collections.abc import Callable
from typing import Any, Optional

from guwu.capture._failure import Sighting
from guwu.capture._seen import is_exception

#: What `print_exc`, `print_last`, `format_exc` and those who import them from there come down to.
FUNCTIONS = ("print_exception", "format_exception")
_LOGGERS = ("structlog.",)


def asked_by(frame: Optional[types.FrameType], is_own: Callable[[str], bool]) -> Optional[types.FrameType]:
    """Return the frame that asked for the text, if failures are heard of there."""
    while frame is not None and frame.f_globals is traceback.__dict__:
        frame = frame.f_back
    if frame is None:
        return None
    name = frame.f_globals.get("__name__")
    is_logger = type(name) is str and name.startswith(_LOGGERS)
    return frame if is_logger or name == "__main__" or is_own(frame.f_code.co_filename) else None


def sighting(arguments: tuple[Any, ...], keywords: dict[str, Any], frame: types.FrameType) -> Optional[Sighting]:
    """Return what such a function was called with: an exception alone, or its class, itself and its traceback."""
    given = [*arguments[:2], keywords.get("value"), keywords.get("exc")]
    error = next((value for value in given if is_exception(value)), None)
    if error is None:
        return None
    told = arguments[2] if len(arguments) > 2 else keywords.get("tb")
    where = told if type(told) is types.TracebackType else error.__traceback__
    return Sighting(error, where, level="ERROR", frame=frame)
