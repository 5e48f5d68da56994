"""What a frame tells about the call it belongs to: module, qualified name, kind of function, arguments.

Arguments are what the parameters are bound to now, which is when the exception was caught; where the function has bound
one anew, what the caller passed, if that can be told. It deliberately keeps no frame, and leaves no copy of the
variables behind in one that still runs.
"""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Optional

from guwu.capture import _origin, _reflect

_VARARGS, _VARKEYWORDS = inspect.CO_VARARGS, inspect.CO_VARKEYWORDS
_OPTIMIZED = inspect.CO_OPTIMIZED
#: Functions that hand the dict of a frame's variables to the application.
_REFLECTIVE = frozenset({"locals", "vars", "eval", "exec", "dir"})
#: Names looked at for the function that a code object belongs to.
_SEARCHED = 5_000


@dataclass
class Call:
    """A call as it is read from a frame; values are not encoded yet."""

    module: str
    qualname: Optional[str]
    kind: str
    arguments: list[tuple[str, str, Any]]
    #: Parameters that were bound anew, of which it is not known what was passed.
    rebound: set[str]


@dataclass(frozen=True)
class Spot:
    """Where a frame was when the exception passed through it."""

    frame: types.FrameType
    #: Of the instruction in the code's bytes.
    offset: int
    line: int


def variables(frame: types.FrameType) -> dict[str, Any]:
    """Return a copy of a function's variables; nothing of a module or class body."""
    code = frame.f_code
    if not code.co_flags & _OPTIMIZED:
        return {}
    held = frame.f_locals
    found = dict(held)
    # Before 3.13 this dict stays with the frame and would keep alive what the function deletes. A function that asks
    # for it itself, or a debugger, may be using it.
    if type(held) is dict and sys.gettrace() is None and _REFLECTIVE.isdisjoint(code.co_names):
        held.clear()
    return found


def call_of(spot: Spot, caller: Optional[Spot], late: Callable[[], bool]) -> Call:
    """Return what a frame tells; `late` tells when no file is to be read any more."""
    frame = spot.frame
    code = frame.f_code
    held = variables(frame)
    anew = _origin.rebound(code, spot.offset)
    if caller is not None and (anew or _origin.changes_keywords(code)):
        outer = caller.frame
        there = variables(outer) if outer.f_code.co_flags & _OPTIMIZED else outer.f_globals
        made = _origin.Caller(outer.f_code, caller.offset, caller.line, there, outer.f_globals)
        origin = _origin.find(code, anew, held, made, late)
        held.update(origin)
        anew -= origin.keys()
    arguments = [(name, kind, held[name]) for name, kind in _parameters(code) if name in held]
    arguments += [(name, "free", held[name]) for name in code.co_freevars if name in held and name != "__class__"]
    first = held.get(code.co_varnames[0], _reflect.MISSING) if code.co_argcount else _reflect.MISSING
    qualname: Optional[str] = getattr(code, "co_qualname", None)
    if qualname is None:
        qualname = find_qualname(code, first, frame.f_globals)
    module = _reflect.text(frame.f_globals.get("__name__")) or "__main__"
    kind = _kind(code, qualname, first)
    if qualname is not None and "<locals>" in qualname and code.co_name not in _UNNAMED:
        reached = _reachable(code, first, held, frame.f_globals)
        if reached is not None:
            module, qualname, is_method = reached
            kind = "method" if is_method and kind == "function" else kind
    return Call(module, qualname, kind, arguments, anew & held.keys())


#: Functions that nothing can call by name.
_UNNAMED = frozenset({"<lambda>", "<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>"})


def _reachable(
    code: types.CodeType, first: Any, held: dict[str, Any], names: dict[str, Any]
) -> Optional[tuple[str, str, bool]]:
    """Return module, name and whether it is a method, of a function made by another one that can be had by that name.

    What a decorator made is the attribute or the global that it decorated; of several with the same code it is the one
    with the same closure.
    """
    if first is not _reflect.MISSING:
        for owner in _reflect.mro(type(first)):
            for name, value in list(_reflect.namespace(owner).items()):
                if type(name) is str and any(_is_this(each, code, held) for each in _functions(value)):
                    return _reflect.module_of(owner), f"{_reflect.qualname(owner)}.{name}", True
    for name in code.co_freevars:
        inner = held.get(name)
        if type(inner) is types.FunctionType and type(inner.__module__) is str:
            found = _reflect.resolve(inner.__module__, inner.__qualname__)
            if any(_is_this(each, code, held) for each in _functions(found)):
                return inner.__module__, inner.__qualname__, "." in inner.__qualname__
    module = names.get("__name__")
    for name, value in list(names.items())[:_SEARCHED]:
        if type(value) is types.FunctionType and type(name) is str and _is_this(value, code, held):
            return _reflect.text(module) or "__main__", name, False
    return None


def _is_this(function: types.FunctionType, code: types.CodeType, held: dict[str, Any]) -> bool:
    if function.__code__ is not code:
        return False
    for name, cell in zip(code.co_freevars, function.__closure__ or ()):
        try:
            if name in held and cell.cell_contents is not held[name]:
                return False
        except ValueError:  # an empty cell
            continue
    return True


def _parameters(code: types.CodeType) -> Iterator[tuple[str, str]]:
    names, at = code.co_varnames, code.co_argcount
    for index, name in enumerate(names[:at]):
        if not name.startswith("."):
            yield name, "positional_only" if index < code.co_posonlyargcount else "positional"
    keywords = names[at : at + code.co_kwonlyargcount]
    at += code.co_kwonlyargcount
    if code.co_flags & _VARARGS:
        yield names[at], "var_positional"
        at += 1
    for name in keywords:
        yield name, "keyword"
    if code.co_flags & _VARKEYWORDS:
        yield names[at], "var_keyword"


def _kind(code: types.CodeType, qualname: Optional[str], first: Any) -> str:
    if code.co_name == "<module>":
        return "module"
    if code.co_name == "__init__" and first is not _reflect.MISSING:
        return "constructor"
    for flag, kind in (
        (inspect.CO_COROUTINE, "coroutine"),
        (inspect.CO_ASYNC_GENERATOR, "async_generator"),
        (inspect.CO_GENERATOR, "generator"),
    ):
        if code.co_flags & flag:
            return kind
    if first is _reflect.MISSING:
        return "function"
    if _reflect.is_class(first):
        for base in _reflect.mro(first):
            found = _reflect.namespace(base).get(code.co_name)
            if type(found) is classmethod and has_code(found.__func__, code):
                return "classmethod"
    for base in _reflect.mro(type(first)):
        found = _reflect.namespace(base).get(code.co_name)
        if found is not None and type(found) is not staticmethod and has_code(found, code):
            return "method"
    name = code.co_varnames[0]
    inside = qualname is not None and "." in qualname.rpartition("<locals>.")[2]
    return {"self": "method", "cls": "classmethod"}.get(name, "function") if inside else "function"


def has_code(value: Any, code: types.CodeType) -> bool:
    """Tell whether a function, or one that it wraps, has this code."""
    for _ in range(8):
        kind = type(value)
        if kind is classmethod or kind is staticmethod:
            value = value.__func__
        elif kind is property:
            return any(has_code(each, code) for each in (value.fget, value.fset, value.fdel) if each is not None)
        elif kind is types.FunctionType:
            if value.__code__ is code:
                return True
            value = value.__dict__.get("__wrapped__")
        else:
            # `functools.cached_property` and its like keep the function in their `__dict__`.
            held = _reflect.instance_dict(value) if value is not None else None
            if not held:
                return False
            value = held.get("__wrapped__") or held.get("func")
    return False


# --- before 3.11 a code object does not know its qualified name


def find_qualname(code: types.CodeType, first: Any, names: dict[str, Any]) -> Optional[str]:
    """Return the qualified name of a code object, found through `self` and the module; None when not found."""
    if code.co_name == "<module>":
        return "<module>"
    if first is not _reflect.MISSING:
        owners = [*(_reflect.mro(first) if _reflect.is_class(first) else ()), *_reflect.mro(type(first))]
        for owner in owners:
            found = _reflect.namespace(owner).get(_mangled(code.co_name, owner))
            if found is not None and has_code(found, code):
                return f"{_reflect.qualname(owner)}.{code.co_name}"
    left = [_SEARCHED]
    return _search(list(names.values()), code, names.get("__name__"), left, 0)


def _mangled(name: str, owner: type) -> str:
    if name.startswith("__") and not name.endswith("__"):
        return f"_{_reflect.qualname(owner).rpartition('.')[2].lstrip('_')}{name}"
    return name


def _search(values: list[Any], code: types.CodeType, module: Any, left: list[int], depth: int) -> Optional[str]:
    inside: list[type] = []
    for value in values:
        left[0] -= 1
        if left[0] < 0:
            return None
        for function in _functions(value):
            if function.__module__ != module or type(function.__module__) is not str:
                continue
            name = str.__str__(function.__qualname__)
            if function.__code__ is code:
                return name
            nested = _nested(function.__code__, name, code, 0)
            if nested is not None:
                return nested
        if depth < 3 and _reflect.is_class(value) and _reflect.module_of(value) == module:
            inside.append(value)
    for cls in inside:
        found = _search(list(_reflect.namespace(cls).values()), code, module, left, depth + 1)
        if found is not None:
            return found
    return None


def _functions(value: Any) -> Iterator[types.FunctionType]:
    for _ in range(8):
        kind = type(value)
        if kind is classmethod or kind is staticmethod:
            value = value.__func__
        elif kind is property:
            for each in (value.fget, value.fset, value.fdel):
                if type(each) is types.FunctionType:
                    yield each
            return
        elif kind is types.FunctionType:
            yield value
            value = value.__dict__.get("__wrapped__")
        else:
            return


def _nested(outer: types.CodeType, name: str, code: types.CodeType, depth: int) -> Optional[str]:
    for constant in outer.co_consts:
        if type(constant) is types.CodeType and depth < 8:
            # The body of a class is no function: nothing in it is local to it.
            inner = (
                f"{name}.<locals>.{constant.co_name}" if outer.co_flags & _OPTIMIZED else f"{name}.{constant.co_name}"
            )
            found = inner if constant is code else _nested(constant, inner, code, depth + 1)
            if found is not None:
                return found
    return None
