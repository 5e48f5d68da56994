"""Classes of the language and the standard library that are written by the call that makes an instance.

A class is known by identity or by its name when that name leads to this very class; subclasses are not. What is called
here are methods of exactly these classes. It deliberately knows no third-party class.
"""

from __future__ import annotations

import enum
import functools
import gc
import types
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Optional

from guwu.capture import _reflect

#: Writes a value: encoder, value, depth, how secret it is.
Write = Callable[[Any, Any, int, int], Any]

_PLAIN_KEYS = (str, int, float, bytes, bool, type(None))


def call(f: str, args: Iterable[Any] = (), kwargs: Iterable[tuple[str, Any]] = ()) -> dict[str, Any]:
    """Return the node of a call; the arguments are nodes."""
    return {"t": "call", "f": f, "args": list(args), "kwargs": [list(pair) for pair in kwargs]}


def name(dotted: str) -> dict[str, Any]:
    """Return the node of something that is imported."""
    return {"t": "global", "v": dotted}


# --- functions, classes, modules

#: Of a function's code: calling it gives something that is awaited.
_COROUTINE = 0x80


def _write_function(encoder: Any, value: Any, _: int, __: int) -> Any:
    module, dotted = _reflect.text(value.__module__), str.__str__(value.__qualname__)
    if module is not None and _reflect.resolve(module, dotted) is value:
        return name(f"{encoder.classes.module(module)}:{dotted}")
    node = encoder.opaque(type(value), "local")
    node["name"] = f"{encoder.classes.module(module or 'builtins')}:{dotted}"
    if value.__code__.co_flags & _COROUTINE:
        node["async"] = True
    return encoder.known_as(value, node)


def write_class(encoder: Any, value: Any, _: int, __: int) -> Any:
    """Return the node of a class."""
    if encoder.classes.importable(value):
        return name(encoder.classes.name(value))
    node = encoder.opaque(type(value), "local")
    node["name"] = encoder.classes.name(value)
    return encoder.known_as(value, node)


def _write_module(encoder: Any, value: Any, _: int, __: int) -> Any:
    names = _reflect.module_namespace_of(value)
    known = names.get("__name__")
    if type(known) is str:
        return name(f"{encoder.classes.module(known)}:")
    return encoder.opaque(type(value), "native")


def _write_builtin(encoder: Any, value: Any, depth: int, _: int) -> Any:
    owner = value.__self__
    if owner is None or type(owner) is types.ModuleType:
        module = value.__module__ if owner is None else _reflect.module_namespace_of(owner).get("__name__")
        if type(module) is str and _reflect.resolve(module, value.__name__) is value:
            return name(f"{module}:{value.__name__}")
        return encoder.opaque(type(value), "native")
    return _method(encoder, owner, value.__name__, depth)


def _write_method(encoder: Any, value: Any, depth: int, _: int) -> Any:
    owner, function = value.__self__, value.__func__
    if type(function) is not types.FunctionType:
        return encoder.opaque(type(value), "local")
    dotted = str.__str__(function.__name__)
    if _reflect.is_class(owner):
        found = _reflect.lookup(owner, dotted)
        if type(found) is classmethod and found.__func__ is function:
            return _method(encoder, owner, dotted, depth)
    elif _reflect.lookup(type(owner), dotted) is function:
        return _method(encoder, owner, dotted, depth)
    return encoder.opaque(type(value), "local")


def _method(encoder: Any, owner: Any, dotted: str, depth: int) -> Any:
    if depth >= encoder.limits.depth:
        return encoder.opaque(types.MethodType, "limit")
    return {"t": "method", "self": encoder.node(owner, depth + 1), "name": dotted}


def _write_descriptor(encoder: Any, value: Any, _: int, __: int) -> Any:
    owner = value.__objclass__
    if encoder.classes.importable(owner):
        return name(f"{encoder.classes.name(owner)}.{value.__name__}")
    return encoder.opaque(type(value), "native")


def _write_wrapped(encoder: Any, value: Any, _: int, __: int) -> Any:
    """``functools.lru_cache`` around a function: the name is in its ``__dict__``."""
    names = _reflect.instance_dict(value) or {}
    module, dotted = names.get("__module__"), names.get("__qualname__")
    if type(module) is str and type(dotted) is str and _reflect.resolve(module, dotted) is value:
        return name(f"{encoder.classes.module(module)}:{dotted}")
    return encoder.opaque(type(value), "local")


def _write_partial(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    if depth >= encoder.limits.depth:
        return encoder.opaque(type(value), "limit")
    node = encoder.known_as(value, call("functools:partial"))
    node["args"] = encoder.children([value.func, *value.args[: encoder.breadth]], depth + 1, secret)
    node["kwargs"] = _keywords(encoder, node, value.keywords, depth, secret)
    return node


def _keywords(encoder: Any, node: Any, names: dict[str, Any], depth: int, secret: int) -> list[Any]:
    heads = [pair for pair in islice(dict.items(names), encoder.breadth) if type(pair[0]) is str]
    found = [[key, encoder.node(value, depth + 1, encoder.secrets.under(secret, key))] for key, value in heads]
    encoder.cut(node, len(found), len(names))
    return found


# --- builtins


def _write_ellipsis(_: Any, __: Any, ___: int, ____: int) -> Any:
    return name("builtins:Ellipsis")


def _write_not_implemented(_: Any, __: Any, ___: int, ____: int) -> Any:
    return name("builtins:NotImplemented")


def _write_complex(encoder: Any, value: complex, depth: int, secret: int) -> Any:
    return call("builtins:complex", [encoder.node(part, depth, secret) for part in (value.real, value.imag)])


def _write_range(encoder: Any, value: Any, depth: int, _: int) -> Any:
    return call(
        f"builtins:{type(value).__name__}",
        [encoder.node(part, depth + 1) for part in (value.start, value.stop, value.step)],
    )


def _write_slice(encoder: Any, value: Any, depth: int, _: int) -> Any:
    if depth >= encoder.limits.depth:
        return encoder.opaque(type(value), "limit")
    return _write_range(encoder, value, depth, 0)


def _write_memoryview(encoder: Any, value: memoryview, _: int, secret: int) -> Any:
    if not value.contiguous or value.nbytes > encoder.limits.text:
        return encoder.opaque(type(value), "limit")
    return call("builtins:memoryview", [encoder.raw(value.tobytes(), "bytes", secret, encoder.limits.text)])


def _write_plain_object(encoder: Any, value: Any, _: int, __: int) -> Any:
    return encoder.known_as(value, call("builtins:object"))


# --- numbers, times, names


def _texts(f: str, *parts: Callable[[Any], Any]) -> Write:
    """Return a writer for a class that is made from what these return: texts and whole numbers."""

    def write(encoder: Any, value: Any, depth: int, secret: int) -> Any:
        return call(f, [encoder.node(part(value), depth, secret) for part in parts])

    return write


def _attributes(f: str, *names: str) -> Write:
    def write(encoder: Any, value: Any, depth: int, _: int) -> Any:
        return call(f, [encoder.node(getattr(value, part), depth) for part in names])

    return write


def _write_datetime(encoder: Any, value: Any, depth: int, _: int) -> Any:
    parts = [value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond]
    return _with_zone(encoder, call("datetime:datetime", parts), value, depth)


def _write_time(encoder: Any, value: Any, depth: int, _: int) -> Any:
    parts = [value.hour, value.minute, value.second, value.microsecond]
    return _with_zone(encoder, call("datetime:time", parts), value, depth)


def _with_zone(encoder: Any, node: dict[str, Any], value: Any, depth: int) -> Any:
    if value.tzinfo is not None:
        node["kwargs"].append(["tzinfo", encoder.node(value.tzinfo, depth + 1)])
    if value.fold:
        node["kwargs"].append(["fold", value.fold])
    return node


def _write_timezone(encoder: Any, value: Any, depth: int, _: int) -> Any:
    arguments = value.__getinitargs__()
    if not arguments[0]:
        return name("datetime:timezone.utc")
    return call("datetime:timezone", [encoder.node(part, depth + 1) for part in arguments])


def _write_zone(encoder: Any, value: Any, _: int, __: int) -> Any:
    return call("zoneinfo:ZoneInfo", [value.key]) if value.key else encoder.opaque(type(value), "native")


def _write_pattern(encoder: Any, value: Any, depth: int, _: int) -> Any:
    return call("re:compile", [encoder.node(value.pattern, depth), int.__int__(value.flags)])


# --- containers of the standard library


def _write_ordered(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    node = encoder.known_as(value, call("collections:OrderedDict"))
    encoder.later((_fill_ordered, node, value, depth, secret))
    return node


def _fill_ordered(encoder: Any, node: Any, value: Any, depth: int, secret: int) -> None:
    # In the order of the OrderedDict, which looks its keys up; with keys of unknown classes as they were added.
    keys = list(islice(dict.keys(value), encoder.breadth))
    known = all(any(type(key) is plain for plain in _PLAIN_KEYS) for key in keys)
    items = value.items() if known and len(keys) == len(value) else dict.items(value)
    pairs = encoder.pairs(node, list(islice(items, encoder.breadth)), len(value), depth + 1, secret)
    node["args"] = [{"t": "list", "v": [{"t": "tuple", "v": pair} for pair in pairs]}]


def _dict_below(f: str, first: Optional[Callable[[Any], Any]] = None) -> Write:
    """Return a writer for a dict of the standard library that is made from a dict."""

    def fill(encoder: Any, node: Any, value: Any, depth: int, secret: int) -> None:
        heads = list(islice(dict.items(value), encoder.breadth))
        pairs = encoder.pairs(node, heads, dict.__len__(value), depth + 1, secret)
        node["args"][-1]["v"] = pairs

    def write(encoder: Any, value: Any, depth: int, secret: int) -> Any:
        node = encoder.known_as(value, call(f))
        if first is not None:
            node["args"].append(encoder.node(first(value), depth + 1))
        node["args"].append({"t": "dict", "v": []})
        encoder.later((fill, node, value, depth, secret))
        return node

    return write


def _write_deque(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    node = encoder.known_as(value, call("collections:deque", [{"t": "list", "v": []}]))
    if value.maxlen is not None:
        node["kwargs"].append(["maxlen", value.maxlen])
    encoder.later((_fill_deque, node, value, depth, secret))
    return node


def _fill_deque(encoder: Any, node: Any, value: Any, depth: int, secret: int) -> None:
    heads = list(islice(value, encoder.breadth))
    node["args"][0]["v"] = found = encoder.children(heads, depth + 1, secret)
    encoder.cut(node, len(found), len(value))


def _write_view(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    """``keys()``, ``values()`` and ``items()`` of a dict, which is looked into rather than the view."""
    below = gc.get_referents(value)
    if depth >= encoder.limits.depth or len(below) != 1 or type(below[0]) is not dict:
        return encoder.opaque(type(value), "limit")
    view = type(value).__name__.partition("_")[2]
    return call(f"builtins:dict.{view}", [encoder.node(below[0], depth + 1, secret)])


def _write_reduced(encoder: Any, value: Any, depth: int, _: int) -> Any:
    """``operator.itemgetter`` and the like, which tell what they are made from."""
    made, arguments = value.__reduce__()[:2]
    if made is not type(value) or depth >= encoder.limits.depth:
        return encoder.opaque(type(value), "native")
    return call(f"operator:{type(value).__name__}", encoder.children(arguments, depth + 1, 0))


def _write_array(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    if len(value) > encoder.breadth:
        return encoder.opaque(type(value), "limit")
    node = encoder.known_as(value, call("array:array", [value.typecode]))
    node["args"].append(encoder.node(value.tolist(), depth, secret))
    return node


def _write_struct_time(encoder: Any, value: Any, depth: int, _: int) -> Any:
    return call("time:struct_time", [encoder.node(tuple(value), depth)])


def _write_stat(encoder: Any, value: Any, depth: int, _: int) -> Any:
    # The numbers that count by place, then those that only have names.
    _, (numbers, named) = value.__reduce__()
    return call("os:stat_result", [encoder.node(tuple(numbers), depth), encoder.node(dict(named), depth)])


def _write_chain(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    node = encoder.known_as(value, call("collections:ChainMap"))
    encoder.later((_fill_chain, node, value, depth, secret))
    return node


def _fill_chain(encoder: Any, node: Any, value: Any, depth: int, secret: int) -> None:
    maps = (_reflect.instance_dict(value) or {}).get("maps")
    if type(maps) is list:
        node["args"] = encoder.children(maps[: encoder.breadth], depth + 1, secret)


def _write_proxy(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    below = gc.get_referents(value)
    if depth >= encoder.limits.depth or len(below) != 1:
        return encoder.opaque(type(value), "limit")
    node = encoder.known_as(value, call("types:MappingProxyType"))
    node["args"] = [encoder.node(below[0], depth + 1, secret)]
    return node


def _write_namespace(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    node = encoder.known_as(value, call("types:SimpleNamespace"))
    encoder.later((_fill_namespace, node, value, depth, secret))
    return node


def _fill_namespace(encoder: Any, node: Any, value: Any, depth: int, secret: int) -> None:
    node["kwargs"] = _keywords(encoder, node, _reflect.instance_dict(value) or {}, depth, secret)


def _write_buffer(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    """``io.StringIO`` and ``io.BytesIO``; ValueError when closed."""
    position = value.tell()
    content = value.getvalue()
    text = type(content) is str
    node = encoder.known_as(value, call(f"io:{type(value).__name__}"))
    node["args"] = [
        encoder.node(content, depth, secret) if text else encoder.raw(content, "bytes", secret, encoder.limits.text)
    ]
    node["position"] = position
    return node


def _no_arguments(f: str) -> Write:
    def write(encoder: Any, value: Any, _: int, __: int) -> Any:
        return encoder.known_as(value, call(f))

    return write


def _write_logger(encoder: Any, value: Any, _: int, __: int) -> Any:
    known = (_reflect.instance_dict(value) or {}).get("name")
    if type(known) is not str:
        return encoder.opaque(type(value), "native")
    return encoder.known_as(value, call("logging:getLogger", [] if known == "root" else [known]))


# --- by a base class


def _write_member(encoder: Any, value: Any, depth: int, _: int) -> Any:
    cls = type(value)
    names = _reflect.instance_dict(value) or {}
    member = names.get("_name_")
    members = _reflect.namespace(cls).get("_member_map_")
    named = type(member) is str and type(members) is dict and members.get(member) is value
    if named and encoder.classes.importable(cls):
        return name(f"{encoder.classes.name(cls)}.{member}")
    node = call(encoder.classes.name(cls), [encoder.node(names.get("_value_"), depth + 1)])
    if encoder.classes.importable(cls):
        return node
    opaque = encoder.opaque(cls, "local")
    opaque["name"] = f"{encoder.classes.name(cls)}.{member}" if named else encoder.classes.name(cls)
    return opaque


def _write_named_tuple(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    info = encoder.classes.of(type(value))
    node = call(info.name)
    if info.local:
        node["local"] = True
    encoder.later((_fill_named_tuple, node, value, depth, secret))
    return node


def _fill_named_tuple(encoder: Any, node: Any, value: Any, depth: int, secret: int) -> None:
    fields = _reflect.lookup(type(value), "_fields")
    node["args"] = [
        encoder.node(held, depth + 1, encoder.secrets.under(secret, field))
        for field, held in zip(fields, tuple.__iter__(value))
    ]


def _is_named_tuple(cls: type) -> bool:
    above = _reflect.mro(cls)
    if len(above) < 3 or above[1] is not tuple:
        return False
    fields = _reflect.lookup(cls, "_fields")
    if type(fields) is not tuple or not all(type(field) is str for field in fields):
        return False
    # As made by `namedtuple` itself: no class below it adds an attribute or a way of its own to be made.
    return type(_reflect.namespace(cls).get("__slots__")) is tuple


def by_base(cls: type, bases: list[str]) -> Optional[Write]:
    """Return the writer that the bases of a class, by their names, decide."""
    if "enum:Enum" in bases and _reflect.is_below(cls, enum.Enum):
        return _write_member
    if "logging:Logger" in bases:
        return _write_logger
    if _is_named_tuple(cls):
        return _write_named_tuple
    if _reflect.is_below(cls, type):
        return write_class
    if _reflect.is_below(cls, types.ModuleType):
        return _write_module
    return None


#: Classes whose instances are often there, by identity.
_BY_CLASS: dict[Any, Write] = {
    types.FunctionType: _write_function,
    types.BuiltinFunctionType: _write_builtin,
    types.MethodType: _write_method,
    types.MethodDescriptorType: _write_descriptor,
    types.WrapperDescriptorType: _write_descriptor,
    types.ModuleType: _write_module,
    type: write_class,
    type(...): _write_ellipsis,
    type(NotImplemented): _write_not_implemented,
    complex: _write_complex,
    range: _write_range,
    slice: _write_slice,
    memoryview: _write_memoryview,
    object: _write_plain_object,
    functools.partial: _write_partial,
    types.MappingProxyType: _write_proxy,
    types.SimpleNamespace: _write_namespace,
    type({}.keys()): _write_view,
    type({}.values()): _write_view,
    type({}.items()): _write_view,
    type(functools.lru_cache(maxsize=1)(len)): _write_wrapped,
}

_PATHS = ("PurePath", "PurePosixPath", "PureWindowsPath", "PosixPath", "WindowsPath")

#: The others, by name: who has none of them need not import their modules.
BY_NAME: dict[str, Write] = {
    "decimal:Decimal": _texts("decimal:Decimal", str),
    "fractions:Fraction": _attributes("fractions:Fraction", "numerator", "denominator"),
    "uuid:UUID": _texts("uuid:UUID", str),
    "datetime:datetime": _write_datetime,
    "datetime:date": _attributes("datetime:date", "year", "month", "day"),
    "datetime:time": _write_time,
    "datetime:timedelta": _attributes("datetime:timedelta", "days", "seconds", "microseconds"),
    "datetime:timezone": _write_timezone,
    "zoneinfo:ZoneInfo": _write_zone,
    "re:Pattern": _write_pattern,
    "collections:OrderedDict": _write_ordered,
    "collections:defaultdict": _dict_below("collections:defaultdict", lambda value: value.default_factory),
    "collections:Counter": _dict_below("collections:Counter"),
    "collections:deque": _write_deque,
    "collections:ChainMap": _write_chain,
    "array:array": _write_array,
    "time:struct_time": _write_struct_time,
    "os:stat_result": _write_stat,
    **{f"operator:{getter}": _write_reduced for getter in ("attrgetter", "itemgetter", "methodcaller")},
    "_io:StringIO": _write_buffer,
    "_io:BytesIO": _write_buffer,
    "_thread:lock": _no_arguments("threading:Lock"),
    "_thread:RLock": _no_arguments("threading:RLock"),
    "threading:Event": _no_arguments("threading:Event"),
    "threading:Condition": _no_arguments("threading:Condition"),
    **{f"pathlib:{path}": _texts(f"pathlib:{path}", str) for path in _PATHS},
    **{f"pathlib._local:{path}": _texts(f"pathlib:{path}", str) for path in _PATHS},
    **{
        f"ipaddress:{address}": _texts(f"ipaddress:{address}", str)
        for address in ("IPv4Address", "IPv6Address", "IPv4Network", "IPv6Network", "IPv4Interface", "IPv6Interface")
    },
}


def register(writers: dict[int, Any]) -> None:
    """Add the classes known by identity."""
    writers.update({id(cls): write for cls, write in _BY_CLASS.items()})
