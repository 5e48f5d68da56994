"""What the parameters of a call were bound to when it began, where its function has bound them anew since.

Which ones it has is read from the function's bytecode; what they were, from the caller, if it is a Python function: the
call as its source has it, with the names, constants and attributes that it passes, and the function's defaults. It
deliberately evaluates nothing else, and takes no answer in which a parameter that was left alone is not what the caller
passes.
"""

from __future__ import annotations

import ast
import functools
import inspect
import linecache
import sys
import types
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from opcode import EXTENDED_ARG, opmap, opname
from typing import Any, Optional

from guwu.capture import _reflect

#: Lines of a call that is read from its source, and of a statement that begins on a line before 3.11.
_LINES = 20
#: Methods that change a dict.
_CHANGING = frozenset({"pop", "popitem", "setdefault", "update", "clear"})
_CONSTANTS = (str, bytes, int, float, complex, bool)
#: Wrappers and partials looked through for the function that a call leads to.
_DEPTH = 4


@dataclass
class Caller:
    """Where a call was made: a frame's code, the offset of its instruction and its line, and its variables."""

    code: types.CodeType
    offset: int
    line: int
    variables: dict[str, Any]
    globals: dict[str, Any]


def rebound(code: types.CodeType, offset: int) -> set[str]:
    """Return the parameters that a function may have bound anew when it is at this offset."""
    stores, loops = _stores(code)
    parameters = _parameters(code)

    def is_done(at: int) -> bool:
        return at < offset or any(start <= at <= end and start <= offset for start, end in loops)

    return {name for name, at in stores if name in parameters and is_done(at)}


def bound_once(code: types.CodeType) -> set[str]:
    """Return the variables of a function that one instruction binds, and that are no parameters."""
    times = Counter(name for name, _ in _stores(code)[0])
    return {name for name, count in times.items() if count == 1} - _parameters(code) - {*code.co_freevars}


def _parameters(code: types.CodeType) -> set[str]:
    return set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])


def changes_keywords(code: types.CodeType) -> bool:
    """Tell whether a function may take something out of its ``**kwargs``, or put something in."""
    return bool(code.co_flags & inspect.CO_VARKEYWORDS) and not _CHANGING.isdisjoint(code.co_names)


def find(
    code: types.CodeType, anew: set[str], held: dict[str, Any], caller: Caller, late: Callable[[], bool]
) -> dict[str, Any]:
    """Return what is known of these parameters, and of ``**kwargs``, of a function that holds these variables now."""
    if caller.code.co_filename not in linecache.cache and late():
        return {}
    call = _call_at(caller, code)
    passed = None if call is None else _passed(call, caller, code)
    if passed is None:
        return {}
    agrees = (name in anew or name not in held or _is_same(held[name], value) for name, value in passed.values.items())
    if not all(agrees):
        return {}
    found = {name: passed.values[name] for name in anew if name in passed.values}
    if passed.keywords is not None and changes_keywords(code):
        name = code.co_varnames[code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & inspect.CO_VARARGS)]
        if name in held:
            found[name] = passed.keywords
    return found


def _is_same(one: Any, other: Any) -> bool:
    return one is other or (type(one) is type(other) and type(one) in _CONSTANTS and one == other)


# --- the function's own instructions

_Stores = tuple[list[tuple[str, int]], list[tuple[int, int]]]
#: By the identity of a code object, which is kept with it.
_KNOWN: dict[int, tuple[types.CodeType, _Stores]] = {}
_MOST_KNOWN = 1_000


def _stores(code: types.CodeType) -> _Stores:
    known = _KNOWN.get(id(code))
    if known is not None and known[0] is code:
        return known[1]
    if len(_KNOWN) >= _MOST_KNOWN:
        _KNOWN.clear()
    found = _read_stores(code)
    _KNOWN[id(code)] = (code, found)
    return found


def _read_stores(code: types.CodeType) -> _Stores:
    """Return where variables are bound, and the loops from their first instruction to the jump back."""
    names = code.co_varnames
    stores: list[tuple[str, int]] = []
    loops: list[tuple[int, int]] = []

    def store(index: int, offset: int) -> None:
        if index < len(names):
            stores.append((names[index], offset))

    for offset, operation, argument in _instructions(code.co_code):
        if operation in _STORE:
            store(argument, offset)
        elif operation in _STORE_TWO:
            store(argument >> 4, offset)
            if opname[operation] == "STORE_FAST_STORE_FAST":
                store(argument & 15, offset)
        elif operation in _STORE_CELL:
            stores.append((_cell(code, argument), offset))
        else:
            start = _jumps_back(argument, offset)
            if start is not None:
                loops.append((start, offset))
    return stores, loops


def _numbers(names: Iterable[str]) -> frozenset[int]:
    return frozenset(opmap[name] for name in names if name in opmap)


_STORE = _numbers(("STORE_FAST", "DELETE_FAST", "STORE_FAST_MAYBE_NULL"))
_STORE_TWO = _numbers(("STORE_FAST_STORE_FAST", "STORE_FAST_LOAD_FAST"))
_STORE_CELL = _numbers(("STORE_DEREF", "DELETE_DEREF"))
#: Since 3.11 their names say in which direction jumps lead.
_BACK = _numbers(
    name
    for name in opmap
    if ("BACKWARD" in name if sys.version_info >= (3, 11) else "JUMP" in name and name != "JUMP_FORWARD")
)
_LOOKED_AT = _STORE | _STORE_TWO | _STORE_CELL | _BACK


def _instructions(text: bytes) -> Iterator[tuple[int, int, int]]:
    """Return offset, number and argument of the instructions that matter here."""
    for at in range(0, len(text) - 1, 2):
        operation = text[at]
        if operation not in _LOOKED_AT:
            continue
        argument, shift, before = text[at + 1], 8, at - 2
        while before >= 0 and text[before] == EXTENDED_ARG:
            argument |= text[before + 1] << shift
            shift, before = shift + 8, before - 2
        yield at, operation, argument


def _cell(code: types.CodeType, index: int) -> str:
    if sys.version_info >= (3, 11):
        # Cells that are parameters have the parameter's number; the others follow.
        names = code.co_varnames
    else:
        names = code.co_cellvars + code.co_freevars
    return names[index] if index < len(names) else ""


def _jumps_back(argument: int, offset: int) -> Optional[int]:
    """Return where a jump back leads, to within an instruction or two."""
    if sys.version_info >= (3, 11):
        return offset + 2 - 2 * argument
    target = argument * 2 if sys.version_info >= (3, 10) else argument
    return target if target < offset else None


# --- the call in its caller


def _call_at(caller: Caller, code: types.CodeType) -> Optional[ast.Call]:
    positions = getattr(caller.code, "co_positions", None)
    if positions is None:
        return _call_on(caller, code)
    first, last, start, end = next(islice(positions(), caller.offset // 2, None), (None,) * 4)
    if first is None or last is None or start is None or end is None or last - first >= _LINES:
        return None
    lines = [linecache.getline(caller.code.co_filename, number).encode() for number in range(first, last + 1)]
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    found = _parsed(f"({b''.join(lines).decode(errors='replace')})")
    body = found.body[0] if found is not None and found.body else None
    value = body.value if isinstance(body, ast.Expr) else None
    value = value.value if isinstance(value, ast.Await) else value
    return value if isinstance(value, ast.Call) else None


def _call_on(caller: Caller, code: types.CodeType) -> Optional[ast.Call]:
    """Return the only call of this function in the statement on the caller's line: before 3.11 no more is known."""
    lines = linecache.getlines(caller.code.co_filename)[caller.line - 1 : caller.line - 1 + _LINES]
    text = ""
    for line in lines:
        text += line if text else line.lstrip()
        whole = text.rstrip()
        found = _parsed(f"async def _():\n {whole}\n  pass\n" if whole.endswith(":") else f"async def _():\n {whole}\n")
        if found is not None:
            calls = [node for node in ast.walk(found) if isinstance(node, ast.Call) and _leads_to(node, caller, code)]
            return calls[0] if len(calls) == 1 else None
    return None


def assigned_call(lines: list[str], line: int) -> Optional[tuple[ast.Call, bool]]:
    """Return the call that the statement on a line assigns to one name, and whether it is awaited."""
    text = ""
    for more in lines[line - 1 : line - 1 + _LINES]:
        text += more if text else more.lstrip()
        found = _parsed(f"async def _():\n {text.rstrip()}\n")
        if found is None:
            continue
        body = found.body[0]
        statement = body.body[0] if isinstance(body, ast.AsyncFunctionDef) else None
        value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
        is_awaited = isinstance(value, ast.Await)
        value = value.value if isinstance(value, ast.Await) else value
        return (value, is_awaited) if isinstance(value, ast.Call) else None
    return None


def _parsed(text: str) -> Optional[ast.Module]:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@dataclass
class _Passed:
    """What a call passes, as far as it is known."""

    values: dict[str, Any]
    #: The keywords that are no parameters, if all of them are known.
    keywords: Optional[dict[str, Any]]


@dataclass
class _Callee:
    """What a call passes before its own arguments (`self`, a partial's), and the function's defaults."""

    positional: list[Any]
    keywords: dict[str, Any]
    defaults: dict[str, Any]


def _leads_to(call: ast.Call, caller: Caller, code: types.CodeType) -> bool:
    return _callee(call, caller, code) is not None


def _callee(call: ast.Call, caller: Caller, code: types.CodeType) -> Optional[_Callee]:
    """Return what is known of a call's function, if it is the one with this code."""
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call):
        inner = call.func.value.func
        is_super = isinstance(inner, ast.Name) and inner.id == "super" and not call.func.value.args
        return _Callee([_reflect.MISSING], {}, {}) if is_super and call.func.attr == code.co_name else None
    function = value_of(call.func, caller)
    before: list[Any] = []
    keywords: dict[str, Any] = {}
    for _ in range(_DEPTH):
        kind = type(function)
        if kind is functools.partial:
            before = [*function.args, *before]
            keywords = {**function.keywords, **keywords}
            function = function.func
        elif kind is types.MethodType:
            before = [function.__self__, *before]
            function = function.__func__
        elif kind is staticmethod:
            function = function.__func__
        elif kind is types.FunctionType:
            return _Callee(before, keywords, _defaults(function)) if function.__code__ is code else None
        elif function is not _reflect.MISSING and _reflect.is_class(function):
            before = [_reflect.MISSING, *before]
            function = _reflect.lookup(function, "__init__")
        else:
            return None
    return None


def _defaults(function: types.FunctionType) -> dict[str, Any]:
    code = function.__code__
    positional = function.__defaults__ or ()
    names = code.co_varnames[code.co_argcount - len(positional) : code.co_argcount]
    return {**dict(zip(names, positional)), **(function.__kwdefaults__ or {})}


def _passed(call: ast.Call, caller: Caller, code: types.CodeType) -> Optional[_Passed]:
    callee = _callee(call, caller, code)
    if callee is None:
        return None
    positional, keywords = callee.positional, callee.keywords
    is_whole = True
    for argument in call.args:
        if not isinstance(argument, ast.Starred):
            positional.append(value_of(argument, caller))
            continue
        several = value_of(argument.value, caller)
        if type(several) is not tuple and type(several) is not list:
            is_whole = False
            break
        positional += several
    for keyword in call.keywords:
        if keyword.arg is not None:
            keywords[keyword.arg] = value_of(keyword.value, caller)
            continue
        several = value_of(keyword.value, caller)
        if type(several) is not dict or not all(type(name) is str for name in several):
            is_whole = False
            continue
        keywords.update(several)
    count = code.co_argcount
    names = code.co_varnames[: count + code.co_kwonlyargcount]
    passed = dict(zip(names[:count], positional))
    passed.update({name: keywords.pop(name) for name in names[code.co_posonlyargcount :] if name in keywords})
    if is_whole:
        passed = {**callee.defaults, **passed}
    is_known = is_whole and not any(value is _reflect.MISSING for value in keywords.values())
    return _Passed(
        {name: value for name, value in passed.items() if value is not _reflect.MISSING},
        keywords if is_known else None,
    )


def value_of(expression: ast.expr, caller: Caller) -> Any:
    """Return what a name, a constant or an attribute stands for in the caller, or :data:`_reflect.MISSING`."""
    if isinstance(expression, ast.Constant):
        return expression.value
    if isinstance(expression, ast.Name):
        found = caller.variables.get(expression.id, _reflect.MISSING)
        return caller.globals.get(expression.id, _reflect.MISSING) if found is _reflect.MISSING else found
    if isinstance(expression, ast.Attribute):
        owner = value_of(expression.value, caller)
        return _reflect.MISSING if owner is _reflect.MISSING else _attribute(owner, expression.attr)
    return _reflect.MISSING


def _attribute(owner: Any, name: str) -> Any:
    """Return what an attribute gives where that runs no code of the application."""
    if type(owner) is types.ModuleType:
        return _reflect.module_namespace_of(owner).get(name, _reflect.MISSING)
    if _reflect.is_class(owner):
        found = _reflect.lookup(owner, name)
        return types.MethodType(found.__func__, owner) if type(found) is classmethod else found
    cls = type(owner)
    if _reflect.lookup(cls, "__getattribute__") is not object.__getattribute__:
        return _reflect.MISSING
    found = _reflect.lookup(cls, name)
    kind = type(found)
    if kind is types.MemberDescriptorType:
        return _reflect.slot_value(found, owner)
    own = _reflect.instance_dict(owner)
    if own is not None and name in own and _reflect.lookup(kind, "__set__") is _reflect.MISSING:
        return own[name]
    if kind is types.FunctionType:
        return types.MethodType(found, owner)
    if kind is classmethod:
        return types.MethodType(found.__func__, cls)
    return found if kind is staticmethod else _reflect.MISSING
