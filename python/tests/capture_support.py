"""Encodes values as a failure would, and makes them again from what was written: what a generated test does."""

from __future__ import annotations

import base64
import importlib
import json
import logging
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any, Optional

from guwu.capture._classes import Classes
from guwu.capture._encode import Encoder
from guwu.capture._inapp import Project
from guwu.capture._options import Limits
from guwu.capture._redact import Redactor

TESTS = Path(__file__).resolve().parent


def encoder(
    limits: Optional[Limits] = None, clock: Optional[Callable[[], float]] = None, redactor: Optional[Redactor] = None
) -> Encoder:
    """Make an encoder without a limit on time."""
    secrets = (redactor or Redactor()).secrets()
    project = Project([str(TESTS)])
    return Encoder(limits or Limits(), secrets, Classes(project), clock or (lambda: 0.0), 1.0)


def encode(value: Any, limits: Optional[Limits] = None, name: str = "") -> Any:
    """Return what is written for a value, through JSON."""
    made = encoder(limits)
    node = made.root(value, name)
    made.run()
    return json.loads(json.dumps(node))


def imported(name: str) -> Any:
    """Return what a global name stands for."""
    module, _, dotted = name.partition(":")
    found: Any = importlib.import_module(module)
    return reduce(getattr, dotted.split("."), found) if dotted else found


def rebuild(node: Any) -> Any:
    """Make a value from what was written for it; a reference may come before what it refers to."""
    return _Rebuilding(node).value(node)


class _Rebuilding:
    def __init__(self, node: Any) -> None:
        self.made: dict[int, Any] = {}
        self.nodes: dict[int, Any] = {}
        pending = [node]
        while pending:
            at = pending.pop()
            if isinstance(at, list):
                pending += at
            elif isinstance(at, dict):
                if "id" in at and at["t"] != "ref":
                    self.nodes[at["id"]] = at
                pending += list(at.values())

    def keep(self, node: Any, value: Any) -> Any:
        if "id" in node:
            self.made[node["id"]] = value
        return value

    def value(self, node: Any) -> Any:
        if not isinstance(node, dict):
            return node
        if "id" in node and node["id"] in self.made:
            return self.made[node["id"]]
        if node["t"] == "ref":
            return self.value(self.nodes[node["id"]])
        return getattr(self, "_" + node["t"])(node)

    def _int(self, node: Any) -> int:
        return int(node["v"])

    def _float(self, node: Any) -> float:
        return float(node["v"])

    def _bytes(self, node: Any) -> Any:
        content = base64.b64decode(node["v"])
        return self.keep(node, bytearray(content)) if node["of"] == "bytearray" else content

    def _list(self, node: Any) -> list[Any]:
        made: list[Any] = self.keep(node, [])
        made += [self.value(each) for each in node["v"]]
        return made

    def _tuple(self, node: Any) -> tuple[Any, ...]:
        return tuple(self.value(each) for each in node["v"])

    def _set(self, node: Any) -> set[Any]:
        made: set[Any] = self.keep(node, set())
        made.update(self.value(each) for each in node["v"])
        return made

    def _frozenset(self, node: Any) -> frozenset[Any]:
        return frozenset(self.value(each) for each in node["v"])

    def _dict(self, node: Any) -> dict[Any, Any]:
        made: dict[Any, Any] = self.keep(node, {})
        made.update((self.value(key), self.value(value)) for key, value in node["v"])
        return made

    def _global(self, node: Any) -> Any:
        return imported(node["v"])

    def _call(self, node: Any) -> Any:
        args = [self.value(each) for each in node["args"]]
        made = imported(node["f"])(*args, **{key: self.value(value) for key, value in node["kwargs"]})
        if "position" in node:
            made.seek(node["position"])
        return self.keep(node, made)

    def _method(self, node: Any) -> Any:
        return getattr(self.value(node["self"]), node["name"])

    def _object(self, node: Any) -> Any:
        cls = imported(node["class"])
        if node["kind"] == "exception":
            made = cls.__new__(cls, *map(self.value, node["args"]))
            made.args = tuple(map(self.value, node["args"]))
        elif "base" in node:
            base = self.value(node["items"])
            made = cls.__new__(cls, base) if node["base"] not in ("dict", "list", "set") else cls.__new__(cls)
            self.keep(node, made)
            if node["base"] == "dict":
                dict.update(made, base)
            elif node["base"] == "list":
                list.extend(made, base)
            elif node["base"] == "set":
                set.update(made, base)
        else:
            made = object.__new__(cls)
        self.keep(node, made)
        for name, value in node["attrs"]:
            object.__setattr__(made, name, self.value(value))
        return made


class Lines:
    """What was written to a file of failures."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def text(self) -> str:
        """The whole file."""
        return self.path.read_text(encoding="utf-8") if self.path.exists() else ""

    def all(self) -> list[Any]:
        """Every line."""
        return [json.loads(line) for line in self.text.splitlines()]

    def one(self) -> Any:
        """The only line."""
        (line,) = self.all()
        return line

    def frames(self) -> list[Any]:
        """The captured frames of the only line."""
        found: list[Any] = self.one()["captured"]["frames"]
        return found

    def arguments(self, function: str) -> dict[str, Any]:
        """Return the arguments of the only captured frame of a function, by name."""
        (frame,) = [frame for frame in self.frames() if (frame["qualname"] or "").rpartition(".")[2] == function]
        return {argument["name"]: argument["value"] for argument in frame["arguments"]}


def logged(call: Callable[[], Any], logger: str = "test.capture") -> None:
    """Make a call and log what it raises, with nothing printed."""
    log = logging.getLogger(logger)
    log.propagate = False
    log.handlers = [logging.NullHandler()]
    try:
        call()
    except Exception:
        log.exception("failed")
