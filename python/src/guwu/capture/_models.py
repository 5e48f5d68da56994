"""Finds the rows that an application had at hand: saved instances of Django's and SQLAlchemy's models, rows of sqlite3.

Looked for in the variables of the application's frames and in the SQLAlchemy sessions that those lead to. Nothing is
loaded and no method of a model, a query or a session is called: what the database was not asked for is not there. It
deliberately says nothing about how instances are written.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Optional

from guwu.capture import _reflect

#: Rows of one failure, and variables that are looked at for them.
MOST = 24
_VARIABLES = 400
#: Elements of a container that are looked at.
_ELEMENTS = 50

_SESSION = "sqlalchemy.orm.session:Session"
_ASYNC_SESSION = "sqlalchemy.ext.asyncio.session:AsyncSession"
_ROW = "sqlite3:Row"
_QUERYSET = "django.db.models.query:QuerySet"
#: Where an instance of a class that SQLAlchemy maps keeps what is known of its row.
STATE = "_sa_instance_state"


def is_mapped(cls: type) -> bool:
    """Tell whether SQLAlchemy keeps the attributes of a class's instances."""
    return _reflect.lookup(cls, "_sa_class_manager") is not _reflect.MISSING


def is_saved(value: Any) -> bool:
    """Tell whether an instance of a class that SQLAlchemy maps was in the database."""
    held = _reflect.instance_dict(_held(value, STATE))
    return held is not None and held.get("key") is not None


def rows(variables: Iterable[dict[str, Any]]) -> list[Any]:
    """Return the saved instances that variables hold, nearest frame first, and then those of their sessions."""
    finder = _Finder()
    for names in variables:
        for value in islice(list(names.values()), _VARIABLES):
            finder.look(value)
    finder.look_at_sessions()
    return finder.found


class _Finder:
    def __init__(self) -> None:
        self.found: list[Any] = []
        self._known: set[int] = set()
        self._sessions: list[Any] = []

    def look(self, value: Any) -> None:
        cls = type(value)
        if cls is list or cls is tuple:
            for element in islice(value, _ELEMENTS):
                self._one(element)
        elif cls is dict:
            for element in islice(list(dict.values(value)), _ELEMENTS):
                self._one(element)
        else:
            self._one(value)

    def _one(self, value: Any) -> None:
        cls = type(value)
        if _reflect.class_name(cls) == _ROW:
            self._add(value)
        if not _reflect.is_made_by_statement(cls):
            return
        if is_mapped(cls):
            self._mapped(value)
            return
        bases = [_reflect.class_name(base) for base in _reflect.mro(cls)]
        if _SESSION in bases:
            self._session(value)
        elif _ASYNC_SESSION in bases:
            self._session(_held(value, "sync_session"))
        elif _QUERYSET in bases:
            loaded = _held(value, "_result_cache")
            for row in islice(loaded, _ELEMENTS) if type(loaded) is list else ():
                self._django(row)
        elif "django.db.models.base:Model" in bases:
            self._django(value)

    def _add(self, value: Any) -> None:
        if len(self.found) < MOST and id(value) not in self._known:
            self._known.add(id(value))
            self.found.append(value)

    def _django(self, value: Any) -> None:
        if _held(_held(value, "_state"), "adding") is False:
            self._add(value)

    def _mapped(self, value: Any) -> None:
        held = _reflect.instance_dict(value) or {}
        # What a roll-back has expired has lost its columns.
        if is_saved(value) and len(held) > 1:
            self._add(value)
        number = _held(_held(value, STATE), "session_id")
        sessions = (_reflect.module_namespace("sqlalchemy.orm.session") or {}).get("_sessions")
        if type(number) is int and type(sessions) is weakref.WeakValueDictionary:
            self._session(sessions.get(number))

    def _session(self, session: Any) -> None:
        if session is not None and not any(session is each for each in self._sessions):
            self._sessions.append(session)

    def look_at_sessions(self) -> None:
        for session in self._sessions:
            for state in _states(session):
                # A slot since SQLAlchemy 2.
                reference = _held(state, "obj") or _slot(state, "obj")
                if type(reference) is weakref.ref:
                    instance = reference()
                    if instance is not None:
                        self._mapped(instance)


def _states(session: Any) -> Iterator[Any]:
    """Give what a session keeps of each instance that it has loaded."""
    states: Any = _held(_held(session, "identity_map"), "_dict")
    if type(states) is dict:
        yield from islice(list(states.values()), MOST)


def _held(value: Any, name: str) -> Any:
    """Return what an instance's ``__dict__`` holds; None when it does not."""
    held: Optional[dict[str, Any]] = _reflect.instance_dict(value)
    return None if held is None else held.get(name)


def _slot(value: Any, name: str) -> Any:
    descriptor = _reflect.lookup(type(value), name)
    return None if descriptor is _reflect.MISSING else _reflect.slot_value(descriptor, value)


def is_used() -> bool:
    """Tell whether the application has loaded one of the three."""
    return not {"sqlalchemy.orm", "django.db.models", "sqlite3"}.isdisjoint(sys.modules)
