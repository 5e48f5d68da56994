"""Fails with exactly the value that it was given; with any other it does not."""

import os
from subprocess import Popen
from typing import Any

from shelf import values
from shelf.exact import same

#: Used, so that a tidy mind leaves the imports alone.
TOOLS = (os.sep, Popen.__name__)


def texts(given: Any) -> float:
    """Fail with the texts."""
    return 1 / (0 if same(given, values.TEXTS) else 1)


def numbers(given: Any) -> float:
    """Fail with the numbers."""
    return 1 / (0 if same(given, values.NUMBERS) else 1)


def raw(given: Any) -> float:
    """Fail with the bytes."""
    return 1 / (0 if same(given, values.BYTES) else 1)


def containers(given: Any) -> float:
    """Fail with the containers."""
    return 1 / (0 if same(given, values.CONTAINERS) else 1)


def keywords(**given: Any) -> float:
    """Fail with the names."""
    return 1 / (0 if same(given, values.KEYWORDS) else 1)


def loose(given: Any) -> Any:
    """Fail with anything."""
    return given.missing


def login(password: str, headers: dict[str, str], account: Any, note: str) -> Any:
    """Fail, quoting a secret."""
    raise LookupError(f"no account for password={password} in {note}")


def outermost(value: Any) -> Any:
    """Call on."""
    return second(value)


def second(value: Any) -> Any:
    """Call on."""
    return third(value)


def third(value: Any) -> Any:
    """Call on."""
    return fourth(value)


def fourth(value: Any) -> Any:
    """Call on."""
    return fifth(value)


def fifth(value: Any) -> Any:
    """Call on."""
    return innermost(value)


def innermost(value: Any) -> Any:
    """Fail with anything."""
    return value.missing
