"""Fails with messages, notes and classes that are code."""

import types
from typing import Any

from shelf.values import CODE, TEXTS


def first() -> None:
    """Fail with a long message."""
    raise ValueError(" ".join(TEXTS.values()))


def second() -> None:
    """Fail with a message that ends a docstring."""
    raise ValueError(f'x"""\n{CODE}\n"""\n\\')


def third() -> None:
    """Fail with a class that is called like code."""
    raise type(f"E(); {CODE}; x\n", (Exception,), {"__module__": f"m; {CODE}"})("{{ x }}")


def fourth() -> None:
    """Fail with notes and a cause."""
    error = RuntimeError("\x1b[2J\u202e\x00")
    if hasattr(error, "add_note"):
        error.add_note(f'"""\n{CODE}\n')
    raise error from KeyError(TEXTS["jinja"])


def fifth() -> None:
    """Fail in a file and a function with names that are code."""
    code = compile("def f(x):\n    return x.missing\n", f'shelf/"); {CODE} #\n.py', "exec")
    names: dict[str, Any] = {"__name__": f"m; {CODE}"}
    exec(code, names)
    inner = names["f"].__code__.replace(co_name=f'f"; {CODE}; "')
    types.FunctionType(inner, names)(1)


def sixth() -> None:
    """Fail in a file outside of the project."""
    exec(compile("1 / 0", "../../../../../../tmp/CANARY/x.py", "exec"), {"__name__": "..", "__file__": "/tmp/CANARY"})
