"""Takes what was found secret under one name out of every other place of the same failure.

A password that is called `value` one call further in, or that a message quotes, is the same secret. It deliberately
touches values and texts only, never names of classes, fields or functions.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

from guwu.capture._redact import Secrets


def scrub(document: dict[str, Any], secrets: Secrets) -> None:
    """Replace the secrets of a failure in its document."""
    pattern = secrets.pattern()
    if pattern is None:
        return

    def masked(text: str) -> str:
        original = secrets.original(text)
        found = pattern.sub(lambda match: secrets.stand_in(match[0]), original)
        return text if found == original else secrets.clean(found)

    for holder, key in _texts(document):
        if type(holder[key]) is str:
            holder[key] = masked(holder[key])
    pending = list(_values(document))
    while pending:
        holder, key = pending.pop()
        value = holder[key]
        if type(value) is str:
            original = secrets.original(value)
            holder[key] = secrets.redacted(original, "str") if pattern.fullmatch(original) else masked(value)
        elif type(value) is int and abs(value) > 99_999:
            if pattern.fullmatch(str(abs(value))):
                holder[key] = secrets.redacted(str(abs(value)), "int")
        elif type(value) is list:  # the pair of a dict
            pending += [(value, index) for index in range(len(value))]
        elif type(value) is dict:
            _scrub_node(value, masked)
            pending += _inside(value)


def _scrub_node(node: dict[str, Any], masked: Callable[[str], str]) -> None:
    kind = node["t"]
    if kind == "bytes":
        text = base64.b64decode(node["v"]).decode("latin-1")
        clean = masked(text)
        if clean != text:
            node["v"] = base64.b64encode(clean.encode("latin-1", "replace")).decode("ascii")
    elif kind in ("str", "int"):
        node["v"] = masked(node["v"])


def _inside(node: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    kind = node["t"]
    if kind in ("list", "tuple", "set", "frozenset", "dict"):
        yield from ((node["v"], index) for index in range(len(node["v"])))
    elif kind == "call":
        yield from ((node["args"], index) for index in range(len(node["args"])))
        yield from ((pair, 1) for pair in node["kwargs"])
    elif kind == "object":
        yield from ((pair, 1) for pair in node["attrs"])
        if "items" in node:
            yield node, "items"
        if "args" in node:
            yield from ((node["args"], index) for index in range(len(node["args"])))
    elif kind == "method":
        yield node, "self"


def _texts(document: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    yield document, "log_message"
    for exception in document["exceptions"]:
        yield exception, "message"
        yield from ((exception["notes"], index) for index in range(len(exception["notes"])))
        if exception["syntax"] is not None:
            yield exception["syntax"], "source_line"
        yield from ((frame, "source_line") for frame in exception["frames"] if "source_line" in frame)
    request = document["captured"]["request"]
    if request is not None:
        yield request, "path"
        yield request, "query"
        yield from ((pair, 1) for pair in request["headers"])


def _values(document: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    captured = document["captured"]
    for call in (*captured["frames"], *captured["outer"]):
        yield from ((argument, "value") for argument in call.get("arguments", ()))
    if captured["request"] is not None:
        yield captured["request"], "app"
        yield captured["request"], "body"
