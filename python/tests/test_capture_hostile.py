"""Whatever a class does, none of its code runs and something is written."""

from __future__ import annotations

import collections
import enum
import gc
import json
from typing import Any, Callable

import pytest

from capture_support import Lines, encode, logged
from guwu import capture
from guwu.capture import _request

#: What ran that should not.
RAN: list[str] = []


def _trap(name: str) -> Callable[..., Any]:
    def trap(*_: Any, **__: Any) -> Any:
        RAN.append(name)
        raise RuntimeError(f"{name} ran")

    return trap


NAMES = """
__repr__ __str__ __eq__ __ne__ __lt__ __hash__ __bool__ __len__ __iter__ __next__ __contains__ __getitem__ __format__
__bytes__ __int__ __float__ __index__ __complex__ __reduce__ __reduce_ex__ __getstate__ __getattribute__ __getattr__
__setattr__ __delattr__ __dir__ __sizeof__ __copy__ __deepcopy__ __call__ __enter__ __instancecheck__ __subclasscheck__
__fspath__ __round__ __abs__ __neg__ __add__ __mod__ __missing__ __length_hint__ __reversed__ keys values items
""".split()  # noqa: SIM905


class Meta(type):
    """A metaclass that answers nothing."""

    __getattribute__ = _trap("Meta.__getattribute__")
    __hash__ = _trap("Meta.__hash__")
    __eq__ = _trap("Meta.__eq__")
    __repr__ = _trap("Meta.__repr__")
    __instancecheck__ = _trap("Meta.__instancecheck__")
    __subclasscheck__ = _trap("Meta.__subclasscheck__")


def _hostile(*bases: type, meta: type = type, **more: Any) -> Any:
    """Return an instance of a class of which everything is a trap."""
    body = {**{name: _trap(name) for name in NAMES}, **more}
    return type.__new__(meta, "Hostile", bases or (object,), body)


def _instance(cls: Any, *arguments: Any) -> Any:
    base: Any = next(each for each in type.__dict__["__mro__"].__get__(cls) if any(each is safe for safe in SAFE))
    return base.__new__(cls, *arguments)


SAFE = (
    dict,
    list,
    tuple,
    set,
    frozenset,
    str,
    int,
    float,
    bytes,
    bytearray,
    Exception,
    collections.OrderedDict,
    object,
)


class LyingClass:
    """Says that it is a dict."""

    @property
    def __class__(self) -> Any:
        RAN.append("__class__")
        return dict

    @__class__.setter
    def __class__(self, value: Any) -> None:
        raise RuntimeError


class HiddenDict:
    """Has a property where the dict is looked for."""

    def __init__(self) -> None:
        self.a = 1

    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        RAN.append("__dict__")
        return {}


class Properties:
    """Properties that raise, descriptors that count, and an attribute that is there."""

    def __init__(self) -> None:
        self.there = 1

    @property
    def raises(self) -> Any:
        """Raise."""
        RAN.append("property")
        raise RuntimeError

    class Descriptor:
        """Counts."""

        def __get__(self, *_: Any) -> Any:
            RAN.append("descriptor")
            raise RuntimeError

    descriptor = Descriptor()


class LoopingGetattr:
    """Never ends."""

    def __getattr__(self, name: str) -> Any:
        RAN.append("__getattr__")
        return getattr(self, name + "_")


class NamesThatAreNone:
    """Lies about its name."""


NamesThatAreNone.__module__ = 5  # type: ignore[assignment]


class SlotsAndTraps:
    """Slots under names of traps."""

    __slots__ = ("a",)
    a: int
    __eq__ = _trap("__eq__")
    __hash__ = _trap("__hash__")


def _slotted() -> Any:
    made = SlotsAndTraps()
    made.a = 1
    return made


def _nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


def _linked(length: int) -> Any:
    class Link:
        next: Any = None

    first = at = Link()
    for _ in range(length):
        at.next = Link()
        at = at.next
    return first


class HostileEnum(enum.Enum):
    """Members that are traps."""

    A = 1

    def __str__(self) -> str:
        RAN.append("str")
        raise RuntimeError

    def __repr__(self) -> str:
        RAN.append("repr")
        raise RuntimeError


class HostileError(Exception):
    """An exception with traps."""

    __str__ = __repr__ = _trap("exception.__str__")


def _keys_with_traps() -> tuple[Any, Callable[[], None]]:
    """Return a class of keys, and what sets their traps."""

    class Key:
        quiet = True

        def __hash__(self) -> int:
            if not Key.quiet:
                RAN.append("key.__hash__")
            return 1

        def __eq__(self, other: object) -> bool:
            if not Key.quiet:
                RAN.append("key.__eq__")
            return self is other

    def set_traps() -> None:
        Key.quiet = False

    return Key, set_traps


def _key_with_traps() -> Any:
    key, set_traps = _keys_with_traps()
    value = collections.OrderedDict({key(): 1, key(): 2}), {key(): 1}, {key()}
    set_traps()
    return value


VALUES: dict[str, Callable[[], Any]] = {
    "everything is a trap": lambda: _instance(_hostile()),
    "and the metaclass": lambda: _instance(_hostile(meta=Meta)),
    "a class with such a metaclass": lambda: _hostile(meta=Meta),
    "dict": lambda: _instance(_hostile(dict)),
    "list": lambda: _instance(_hostile(list)),
    "tuple": lambda: _instance(_hostile(tuple), (1, 2)),
    "str": lambda: _instance(_hostile(str), "abc"),
    "int": lambda: _instance(_hostile(int), 5),
    "float": lambda: _instance(_hostile(float), 5.5),
    "bytes": lambda: _instance(_hostile(bytes), b"abc"),
    "exception": lambda: _instance(_hostile(Exception), 1),
    "lying class": LyingClass,
    "hidden dict": HiddenDict,
    "properties": Properties,
    "getattr": LoopingGetattr,
    "module name": NamesThatAreNone,
    "slots": _slotted,
    "enum": lambda: HostileEnum.A,
    "error": lambda: HostileError(1),
    "keys": _key_with_traps,
    "huge int": lambda: 10**100_000,
    "deep": lambda: _nested(10_000),
    "linked": lambda: _linked(10_000),
    "wide": lambda: [list(range(1_000))] * 1_000,
    "long": lambda: "x" * 5_000_000,
    "bytes of size": lambda: b"\x00" * 5_000_000,
    "generator": lambda: map(RAN.append, ("generator",)),
}


@pytest.mark.parametrize("make", VALUES.values(), ids=VALUES.keys())
def test_nothing_of_a_value_runs(make: Callable[[], Any]) -> None:
    value = make()
    RAN.clear()
    for _ in range(2):
        node = encode([value, {"a": value}])
    assert RAN == []
    assert node["v"]
    assert len(json.dumps(node)) < 400_000


@pytest.mark.parametrize("make", VALUES.values(), ids=VALUES.keys())
def test_nothing_of_an_argument_runs(make: Callable[[], Any], lines: Lines) -> None:
    value = make()
    RAN.clear()

    def fails(argument: Any) -> None:  # noqa: ARG001
        raise KeyError

    logged(lambda: fails(value))
    assert RAN == []
    assert set(lines.arguments("fails")) == {"argument"}


def test_an_exception_with_traps_is_written(lines: Lines) -> None:
    RAN.clear()

    def fails() -> None:
        raise HostileError("text")

    # Printing it is what fails, not writing it.
    logged(fails)
    assert RAN == []
    assert lines.one()["exceptions"][-1]["message"] == "text"


def test_what_a_builtin_exception_would_show_is_not_shown_by_itself(lines: Lines) -> None:
    class Name(str):
        __repr__ = __str__ = _trap("name.__str__")

    RAN.clear()
    for error in (KeyError(Name("x")), OSError(2, "gone", Name("file")), ValueError(Name("x"))):
        logged(lambda error=error: (_ for _ in ()).throw(error))  # type: ignore[misc]
    assert RAN == []
    assert [line["exceptions"][-1]["message"] for line in lines.all()] == [None, None, None]


def test_arguments_of_log_messages_are_not_formatted(lines: Lines) -> None:
    import logging

    log = logging.getLogger("test.hostile")
    log.propagate, log.handlers = False, [logging.NullHandler()]
    hostile = _instance(_hostile())
    RAN.clear()
    try:
        raise ValueError("x")
    except ValueError:
        log.exception("%s costs %d for %r", "milk", 3, hostile)
    assert RAN == []
    assert lines.one()["log_message"] == "milk costs 3 for <Hostile>"


def test_attributes_are_read_where_they_are() -> None:
    assert encode(Properties())["attrs"] == [["there", 1]]
    assert encode(_slotted())["attrs"] == [["a", 1]]
    assert encode(HiddenDict())["cut"] is True


def test_deep_recursion_is_written(lines: Lines) -> None:
    def dives(n: int) -> None:
        dives(n + 1)

    logged(lambda: dives(0))
    written = lines.one()
    frames = written["exceptions"][-1]["frames"]
    assert written["exceptions"][-1]["type"] == "RecursionError"
    assert any(frame.get("repeated", 0) > 500 for frame in frames)
    for frame in written["captured"]["frames"]:
        assert frames[frame["frame"]]["function"]


def test_nothing_in_this_process_breaks_it() -> None:
    """Every fortieth object that there is: frames, modules, half-made classes, whatever pytest uses."""
    limits = capture.Limits(nodes=100, depth=3, breadth=10)
    for value in gc.get_objects()[::40]:
        json.dumps(encode(value, limits))


def test_of_two_environs_the_fuller_one_is_found_without_asking_what_they_hold() -> None:
    key, set_traps = _keys_with_traps()

    def serve() -> None:
        noted = {"REQUEST_METHOD": "GET", "PATH_INFO": _instance(_hostile(str), "/"), key(): 1}
        environ = {**noted, "HTTP_X_TENANT": "north"}
        set_traps()
        del RAN[:]
        raise LookupError(len(environ))

    try:
        serve()
    except LookupError as error:
        found = _request.find(error.__traceback__, None)
    assert found is not None and found.environ is not None
    assert dict.get(found.environ, "HTTP_X_TENANT") == "north"
    assert not RAN, RAN
