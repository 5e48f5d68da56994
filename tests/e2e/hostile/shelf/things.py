"""Objects and classes that fight back. What any of their methods does is leave a CANARY behind."""

import enum
import functools
import os
import subprocess
import sys
import types
from typing import Any

from shelf.values import CODE


def leave_canary(*_: Any, **__: Any) -> Any:
    """What must never run."""
    with open("CANARY", "w") as file:
        file.write("ran")
    os.environ["CANARY"] = "ran"
    raise RuntimeError("ran")


TRAPS = (
    "__repr__ __str__ __eq__ __ne__ __lt__ __hash__ __bool__ __len__ __iter__ __contains__ __getitem__ __format__ __bytes__"
    " __int__ __float__ __index__ __reduce__ __reduce_ex__ __getstate__ __getattribute__ __getattr__ __dir__ __sizeof__"
    " __copy__ __deepcopy__ __call__ __fspath__"
).split()


class Meta(type):
    """A metaclass whose own methods are traps."""

    __repr__ = leave_canary
    __instancecheck__ = leave_canary
    __subclasscheck__ = leave_canary
    __getattribute__ = leave_canary


class Loops:
    """Never ends when it is asked for what it has not."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self, name + "_")


class Raises:
    """Has properties that raise."""

    def __init__(self) -> None:
        self.there = 1

    @property
    def value(self) -> Any:
        """Raise."""
        return leave_canary()

    @property
    def __class__(self) -> Any:  # type: ignore[override]
        return leave_canary()


class Reduces:
    """Runs a command when it is copied or pickled by its own recipe."""

    def __reduce__(self) -> Any:
        return os.system, ("touch CANARY",)


class Text(str):
    """A text that says something else."""

    __repr__ = __str__ = leave_canary


class Colour(enum.Enum):
    """Has a member whose value is code."""

    RED = CODE


def trapped(name: str, *bases: type, meta: type = type, **more: Any) -> Any:
    """An instance of a class of that name of which every method is a trap."""
    body = {**dict.fromkeys(TRAPS, leave_canary), **more}
    cls = type.__new__(meta, name, bases or (object,), body)
    base = next((each for each in (dict, list, str) if each in bases), object)
    return base.__new__(cls)


def class_names() -> list[Any]:
    """Instances of classes whose names are code."""
    names = [
        f"Evil(); {CODE}; x",
        f"Evil\n{CODE}\nclass X",
        'Evil"""',
        "import",
        "None",
        "eval",
        "\u202eEvil",
        "a.b.c",
        "<locals>",
        "Ev\u0131l",
        " ",
    ]
    made = [type(name, (), {"attribute": 1})() for name in names]
    for module, name in (("os", "system"), ("builtins", "eval"), ("subprocess", "Popen"), (f"x; {CODE}", "Y"), ("", "Y")):
        made.append(type(name, (), {"__module__": module, "__qualname__": name})())
    return made


def attributes() -> Any:
    """An object with attribute names that are code."""
    made = types.SimpleNamespace()
    other = Loops()
    for target in (made, other):
        for name in ("a b", f"x=1);{CODE};(", "class", "__class__", "__dict__", "self", "", "\u00e9", "__init__", "0"):
            vars(target)[name] = name
    return [made, other]


def objects() -> list[Any]:
    """Everything else."""
    cycle = Raises()
    vars(cycle)["me"] = [cycle]
    deep: list[Any] = []
    for _ in range(300):
        deep = [deep]
    surrogate = "\ud800" + CODE
    return [
        trapped("Trapped"),
        trapped("TrappedDict", dict),
        trapped("TrappedList", list),
        trapped("TrappedText", str),
        trapped("TrappedMeta", meta=Meta),
        Loops(),
        Raises(),
        Reduces(),
        Text("x"),
        Colour.RED,
        cycle,
        deep,
        surrogate,
        10**5000,
        (leave_canary(*()) for _ in range(1)),
        lambda: leave_canary(),
        leave_canary,
        functools.partial(os.system, "touch CANARY"),
        functools.partial(leave_canary, 1),
        os.system,
        os,
        sys.modules,
        subprocess.Popen,
        eval,
        exec,
        open,
        __import__,
        type,
        object(),
        ValueError(CODE),
        KeyError(trapped("TrappedKey")),
        "x" * 100_000,
        list(range(1_000)),
        {f"k{index}": CODE for index in range(300)},
    ]
