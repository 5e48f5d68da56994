"""Finds what the application keeps in memory: containers and objects that its modules and classes hold by a name.

Looked for from the functions of the trace: what their code names, and what the application's functions do that they
name. What cannot change (texts, numbers, functions, classes, modules) is no state, and of other packages only the
containers are any. A mapping to bare texts is none either: it is mostly a constant, and may hold secrets. Nothing is
called; it deliberately does not know what a value was when its module was imported.
"""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from guwu.capture import _reflect
from guwu.capture._inapp import Project

#: Values of one failure, functions followed for them, and how far from the trace.
MOST = 12
_FUNCTIONS, _DEPTH = 150, 4
#: Variables of a frame.
_VARIABLES = 50
#: Modules within packages.
_HOPS = 3
#: Base classes of objects that are no state.
_STATELESS = frozenset({"builtins:BaseException", "logging:Logger", "enum:Enum"})
#: Values of a mapping, and parts of them, that are looked at.
_VALUES = 2_000
#: Base classes of containers.
_CONTAINERS = (dict, list, set, deque)


def held(
    frames: Iterable[tuple[types.FrameType, dict[str, Any]]], project: Project, late: Callable[[], bool]
) -> list[tuple[str, Any]]:
    """Return name (``module:NAME`` or ``module:Class.NAME``) and value, nearest to the first frame first.

    A frame comes with its variables.
    """
    finder = _Finder(project)
    for frame, variables in frames:
        if late():
            break
        finder.start(frame.f_code, frame.f_globals, variables)
    while finder.waiting and len(finder.found) < MOST and not late():
        finder.step()
    return finder.found


class _Finder:
    def __init__(self, project: Project) -> None:
        self.found: list[tuple[str, Any]] = []
        #: Code, its globals, the object whose method it is, how far from the trace.
        self.waiting: deque[tuple[types.CodeType, dict[str, Any], Any, int]] = deque()
        self._project = project
        self._own = {name for name, _ in project.modules()}
        #: What was met: by identity, as it may not be hashed.
        self._met: set[int] = set()
        #: Classes, by the code that names what is in them.
        self._classes: set[tuple[int, int]] = set()
        self._left = _FUNCTIONS

    def start(self, code: types.CodeType, names: dict[str, Any], variables: dict[str, Any]) -> None:
        first = variables.get(code.co_varnames[0]) if code.co_argcount else None
        self._push(code, names, first, 0)
        for value in islice(list(variables.values()), _VARIABLES):
            self._member(value, code, 0)

    def step(self) -> None:
        code, names, owner, depth = self.waiting.popleft()
        module = _reflect.text(names.get("__name__")) or ""
        held = _reflect.instance_dict(owner) if owner is not None else None
        for name in code.co_names:
            value = names.get(name, _reflect.MISSING)
            if value is not _reflect.MISSING:
                self._named(module, name, value, code, depth, _HOPS)
            if held:
                self._member(held.get(name), code, depth)
        for constant in code.co_consts:
            if type(constant) is types.CodeType:
                self._push(constant, names, owner, depth)

    def _push(self, code: types.CodeType, names: dict[str, Any], owner: Any, depth: int) -> bool:
        """Have a function looked at when its turn comes; tell whether it will be."""
        if id(code) in self._met or depth > _DEPTH or self._left <= 0:
            return False
        self._met.add(id(code))
        self._left -= 1
        self.waiting.append((code, names, owner, depth))
        return True

    def _member(self, value: Any, code: types.CodeType, depth: int) -> None:
        """Look at the classes of what a variable or an attribute holds."""
        cls = value if _reflect.is_class(value) else type(value)
        if _reflect.is_made_by_statement(cls) and _reflect.module_of(cls) in self._own:
            self._class(cls, code, depth, None if cls is value else value)

    def _named(self, module: str, name: str, value: Any, code: types.CodeType, depth: int, hops: int) -> None:
        """Look at what a module holds by a name that code uses, through packages down to modules."""
        cls = type(value)
        if cls is types.FunctionType:
            self._function(value, depth)
        elif cls is types.ModuleType:
            inner = _reflect.module_namespace_of(value)
            known = _reflect.text(inner.get("__name__")) or ""
            if known in self._own and hops > 0:
                for attribute in code.co_names:
                    found = inner.get(attribute, _reflect.MISSING)
                    if found is not _reflect.MISSING:
                        self._named(known, attribute, found, code, depth, hops - 1)
        elif _reflect.is_class(value):
            if _reflect.module_of(value) in self._own:
                self._class(value, code, depth)
        elif _is_container(cls):
            self._found(f"{module}:{name}", value)
        elif _reflect.is_made_by_statement(cls) and _reflect.module_of(cls) in self._own:
            if not any(_reflect.class_name(base) in _STATELESS for base in _reflect.mro(cls)):
                self._found(f"{module}:{name}", value)
            self._class(cls, code, depth, value)

    def _class(self, cls: type, code: types.CodeType, depth: int, instance: Any = None) -> None:
        """Look at a class's own attributes that code names; whoever makes an instance calls its constructor."""
        if (id(cls), id(code)) in self._classes:
            return
        self._classes.add((id(cls), id(code)))
        for owner in _reflect.mro(cls):
            module = _reflect.module_of(owner)
            if module not in self._own:
                continue
            names = _reflect.namespace(owner)
            for name in ("__init__", *code.co_names):
                value = names.get(name, _reflect.MISSING)
                if value is _reflect.MISSING:
                    continue
                kind = type(value)
                if kind is classmethod or kind is staticmethod:
                    value = value.__func__
                elif kind is property:
                    value = value.fget
                if type(value) is types.FunctionType:
                    self._function(value, depth, cls, instance)
                elif _is_container(type(value)):
                    self._found(f"{module}:{_reflect.qualname(owner)}.{name}", value)

    def _function(self, function: types.FunctionType, depth: int, cls: Any = None, instance: Any = None) -> None:
        for _ in range(8):
            code = function.__code__
            is_own = self._project.has(code.co_filename)
            if is_own and self._push(code, function.__globals__, instance, depth + 1) and cls is not None:
                # What it calls of its own class.
                self._class(cls, code, depth + 1, instance)
            inner = function.__dict__.get("__wrapped__")
            if type(inner) is not types.FunctionType:
                return
            function = inner

    def _found(self, name: str, value: Any) -> None:
        module, _, attribute = name.partition(":")
        # To import what was started is to start it again.
        if module == "__main__" or attribute.rpartition(".")[2].startswith("__"):
            return
        if id(value) not in self._met and len(self.found) < MOST:
            self._met.add(id(value))
            if not _is_empty(value) and not _has_bare_texts(value):
                self.found.append((name, value))


def _is_container(cls: type) -> bool:
    return any(_reflect.is_below(cls, kind) for kind in _CONTAINERS)


def _has_bare_texts(value: Any) -> bool:
    """Tell whether a mapping has texts for values, alone or in a row: in ``USERS`` they may be secrets."""
    if not _reflect.is_below(type(value), dict):
        return False
    left = _VALUES
    for each in islice(list(dict.values(value)), _VALUES):
        kind = type(each)
        # By identity: to compare classes is to ask their metaclass.
        for part in islice(each, _VALUES) if kind is tuple or kind is list else (each,):
            left -= 1
            # What is too much to look through is left out as well.
            if type(part) is str or type(part) is bytes or left < 0:
                return True
    return False


def _is_empty(value: Any) -> bool:
    """Tell whether nothing is held: by a container, of whose class nothing is asked, or by an object."""
    for kind in _CONTAINERS:
        if _reflect.is_below(type(value), kind):
            return bool(kind.__len__(value) == 0)
    return not _reflect.instance_dict(value) and not _reflect.slots(type(value))
