"""Remembers which exceptions were written, and how often a failure was: both without keeping anything alive.

An exception is known by a weak reference; those of builtin classes allow none and get a mark in their ``__dict__``
instead (holding them would hold their frames). It deliberately takes no lock: a fork could leave it taken.
"""

from __future__ import annotations

import time
import weakref
from typing import Any, Optional

from guwu.capture import _reflect
from guwu.capture._encode import MARK

#: Exceptions and failures remembered at most.
_EXCEPTIONS, _FAILURES = 512, 1_024
_MINUTE = 60.0

_dict_of = BaseException.__dict__["__dict__"].__get__


class Seen:
    """The exceptions that were written."""

    def __init__(self) -> None:
        self._known: dict[int, weakref.ref[BaseException]] = {}

    def first(self, error: BaseException) -> bool:
        """Tell whether an exception is met for the first time, and remember it."""
        known = self._known.get(id(error))
        if known is not None and known() is error:
            return False
        try:
            reference = weakref.ref(error)
        except TypeError:
            held = _dict_of(error)
            if dict.get(held, MARK) is not None:
                return False
            dict.__setitem__(held, MARK, True)
            return True
        if len(self._known) >= _EXCEPTIONS:
            for key, other in list(self._known.items()):
                if other() is None:
                    self._known.pop(key, None)
            for key in list(self._known)[: len(self._known) - _EXCEPTIONS // 2]:
                self._known.pop(key, None)
        self._known[id(error)] = reference
        return True


class Rate:
    """How often each failure was written lately."""

    def __init__(self, full: int, light: int) -> None:
        self._full, self._light = full, light
        #: Start of the minute, full and light lines in it, lines left out since the last one.
        self._counts: dict[Any, list[Any]] = {}

    def next(self, identity: Any, now: Optional[float] = None) -> tuple[Optional[bool], int]:
        """Return whether the next line has values (None: no line at all), and how many lines were left out before."""
        now = time.monotonic() if now is None else now
        counts = self._counts.get(identity)
        if counts is None:
            if len(self._counts) >= _FAILURES:
                for key in list(self._counts)[: _FAILURES // 4]:
                    self._counts.pop(key, None)
            counts = self._counts[identity] = [now, 0, 0, 0]
        if now - counts[0] >= _MINUTE:
            counts[:3] = [now, 0, 0]
        if counts[1] < self._full:
            counts[1] += 1
            values: Optional[bool] = True
        elif counts[2] < self._light:
            counts[2] += 1
            values = False
        else:
            counts[3] += 1
            return None, 0
        skipped, counts[3] = counts[3], 0
        return values, skipped


def is_exception(value: Any) -> bool:
    """Tell whether a value is an exception."""
    return _reflect.is_below(type(value), BaseException)
