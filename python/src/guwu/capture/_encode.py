"""Writes values by type, as docs/capture.md says, without running a method of any class that is not known.

Values are visited breadth first and every argument in turn, so that a large one takes nothing from the others; the work
is counted, and the clock is asked now and then. Nothing here calls itself deeper than the limit on depth. Known classes
are in :mod:`guwu.capture._known`; it deliberately does not know where values come from.
"""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from guwu.capture import _known, _models, _reflect
from guwu.capture._classes import Class, Classes
from guwu.capture._options import Limits
from guwu.capture._redact import Secrets

Node = Any
Task = tuple[Callable[["Encoder", Node, Any, int, int], None], Node, Any, int, int]

#: JSON numbers that every reader takes as they are.
_EXACT = 2**53
#: Longest whole number written, in bits.
_LONGEST = 4096
#: How many steps are taken between two looks at the clock.
STEPS = 32
#: What an argument gets at its top level when the time is over already.
_LATE = 16


class Encoder:
    """One failure's values: shared references are known across all of them."""

    def __init__(
        self, limits: Limits, secrets: Secrets, classes: Classes, clock: Callable[[], float], deadline: float
    ) -> None:
        self.limits = limits
        self.secrets = secrets
        self.classes = classes
        self.breadth = limits.breadth
        self.notes: set[str] = set()
        #: Values visited; what the budget is counted in.
        self.steps = 0
        #: Nodes by the identity of what they stand for, and the values, kept alive for that long.
        self.seen: dict[int, dict[str, Any]] = {}
        self._alive: list[Any] = []
        self._cut: dict[int, Task] = {}
        self._left = limits.nodes
        self._bytes = limits.line * 3 // 4
        self._ids = 0
        self._lanes: list[deque[Task]] = []
        self._lane: deque[Task] = deque()
        self._clock = clock
        self._deadline = deadline
        self._look_at = STEPS
        self._late = False

    # --- running

    def root(self, value: Any, name: str = "") -> Node:
        """Start with a value that has its own turn; :meth:`run` does the rest."""
        self._lane = deque()
        node = self.node(value, 0, self.secrets.weight(name) if name else 0)
        if self._lane:
            self._lanes.append(self._lane)
        return node

    def run(self) -> None:
        """Fill in what was started, until it is done or one of the limits is reached."""
        lanes = self._lanes
        self._lanes = []
        for lane in lanes:
            if self.late():
                self.breadth = min(self.breadth, _LATE)
            self._do(lane)
        self.breadth = self.limits.breadth
        while lanes:
            for lane in lanes:
                if self.late() or self._left <= 0:
                    self._give_up(lanes)
                    return
                if lane:
                    self._do(lane)
            lanes = [lane for lane in lanes if lane]

    def _do(self, lane: deque[Task]) -> None:
        self._lane = lane
        fill, node, value, depth, secret = lane.popleft()
        try:
            fill(self, node, value, depth, secret)
        except RuntimeError:  # changed by another thread meanwhile
            node["cut"] = True

    def _give_up(self, lanes: list[deque[Task]]) -> None:
        self.notes.add("time" if self._late else "size")
        for lane in lanes:
            for _, node, *_ in lane:
                node["cut"] = True

    def late(self) -> bool:
        """Tell whether the time is over; the clock is asked every :data:`STEPS` steps."""
        if not self._late and self.steps >= self._look_at:
            self._look_at = self.steps + STEPS
            self._late = self._clock() > self._deadline
        return self._late

    def later(self, task: Task) -> None:
        """Have a node filled in when its turn comes."""
        node, value, depth = task[1], task[2], task[3]
        if depth >= self.limits.depth:
            node["cut"] = True
            self.notes.add("depth")
            self._cut[id(value)] = task
            self._alive.append(value)
        else:
            self._lane.append(task)

    # --- nodes

    def node(self, value: Any, depth: int, secret: int = 0) -> Node:
        """Return the node of a value; what is in it follows later."""
        self.steps += 1
        if value is None or value is True or value is False:
            return value
        cls = type(value)
        if self._left <= 0 or self._bytes <= 0:
            self.notes.add("size")
            return self.opaque(cls, "limit")
        self._left -= 1
        self._bytes -= 16
        if secret < 0:
            secret = 1 if cls in _BARE else 0
        if cls is str:
            return self.text(value, secret)
        if cls is int:
            return self.number(value, secret)
        if id(value) in self.seen:
            return self._reference(value, depth)
        write = _WRITERS.get(id(cls))
        if write is not None:
            return write(self, value, depth, secret)
        return self._other(value, cls, depth, secret)

    def _reference(self, value: Any, depth: int) -> Node:
        node = self.seen[id(value)]
        task = self._cut.get(id(value))
        if task is not None and depth < self.limits.depth:
            # It was too deep where it was first met, and is not here.
            del self._cut[id(value)]
            node.pop("cut", None)
            self._lane.append((*task[:3], depth, task[4]))
        return {"t": "ref", "id": node["id"]}

    def known_as(self, value: Any, node: dict[str, Any]) -> dict[str, Any]:
        """Give a node its id."""
        self._ids += 1
        node["id"] = self._ids
        self.seen[id(value)] = node
        self._alive.append(value)
        return node

    def opaque(self, cls: type, why: str) -> Node:
        """Return the node of a value that is not looked into."""
        name = self.classes.name(cls)
        self._bytes -= len(name) + 40
        return {"t": "opaque", "class": name, "why": why}

    def text(self, value: str, secret: int) -> Node:
        """Return the node of exactly a str."""
        limit = self.limits.text
        if secret and value:
            self.secrets.remember(value, secret)
            return self.secrets.redacted(value, "str")
        head = value if len(value) <= limit else value[:limit]
        self.steps += len(head) >> 7
        self._bytes -= len(head)
        clean = self.secrets.clean(head)
        if not clean.isascii():
            try:
                self._bytes -= len(clean.encode("utf-8")) - len(clean)
            except UnicodeEncodeError:  # lone surrogates, which no JSON reader has to take
                raw = {"t": "bytes", "v": _base64(clean.encode("utf-8", "surrogatepass")), "of": "bytes"}
                return {"t": "call", "f": "builtins:str", "args": [raw, "utf-8", "surrogatepass"], "kwargs": []}
        if head is not value:
            self.notes.add("size")
            return {"t": "str", "v": clean, "cut": len(value) - limit}
        return clean

    def number(self, value: int, secret: int) -> Node:
        """Return the node of exactly an int."""
        bits = value.bit_length()
        if bits > _LONGEST:
            return self.opaque(int, "limit")
        if secret or bits > 40:
            digits = str(abs(value))
            if secret:
                self.secrets.remember(digits)
            if secret or self.secrets.clean(digits) != digits:
                return self.secrets.redacted(digits, "int")
            if abs(value) > _EXACT:
                return {"t": "int", "v": str(value)}
        return value

    def raw(self, value: bytes, of: str, secret: int, limit: int) -> dict[str, Any]:
        """Return the node of bytes."""
        if secret and value:
            text = value[:limit].decode("latin-1")
            if len(value) <= limit:
                self.secrets.remember(text, secret)
            return self.secrets.redacted(text, of, len(value))
        head = value[:limit]
        self.steps += len(head) >> 7
        self._bytes -= len(head) * 4 // 3
        # One character a byte, so that what is hidden keeps its place.
        clean = self.secrets.clean(head.decode("latin-1")).encode("latin-1")
        node: dict[str, Any] = {"t": "bytes", "v": _base64(clean), "of": of}
        if len(value) > limit:
            self.notes.add("size")
            node["cut"] = len(value) - limit
        return node

    def children(self, values: Iterable[Any], depth: int, secret: int) -> list[Node]:
        """Return the nodes of the first elements."""
        nodes: list[Node] = []
        for value in values:
            if nodes and (self._left <= 0 or (self.late() and len(nodes) >= _LATE)):
                break
            nodes.append(self.node(value, depth, secret))
        return nodes

    def cut(self, node: dict[str, Any], kept: int, size: int) -> None:
        """Note in a node how many elements are missing."""
        if kept < size:
            node["cut"] = size - kept
            self.notes.add("breadth" if kept >= self.breadth else "time" if self._late else "size")

    def pairs(
        self, node: dict[str, Any], items: list[tuple[Any, Any]], size: int, depth: int, secret: int
    ) -> list[Node]:
        """Return the nodes of the pairs of a mapping."""
        pairs: list[Node] = []
        for key, value in items:
            if pairs and (self._left <= 0 or (self.late() and len(pairs) >= _LATE)):
                break
            under = self.secrets.under(secret, key) if type(key) is str else secret
            pairs.append([self.node(key, depth), self.node(value, depth, under)])
        self.cut(node, len(pairs), size)
        return pairs

    # --- everything that is no builtin

    def _other(self, value: Any, cls: type, depth: int, secret: int) -> Node:
        info = self.classes.of(cls)
        if info.write is not None:
            try:
                return info.write(self, value, depth, secret)
            except (AttributeError, TypeError, ValueError, OverflowError):
                return self.opaque(cls, "native")
        if info.why is not None:
            return self.known_as(value, self.opaque(cls, info.why))
        if info.container is not None:
            kind = info.container
            held = self.known_as(value, {"t": kind.__name__, "v": []})
            self.later((_FILLERS[kind], held, value, depth, secret))
            return held
        if depth > self.limits.depth:
            self.notes.add("depth")
            return self.opaque(cls, "limit")
        node: dict[str, Any] = {"t": "object", "id": 0, "class": info.name, "kind": info.kind}
        if info.local:
            node["local"] = True
        self.known_as(value, node)
        self._bytes -= len(info.name) + 60
        if info.base is not None:
            node["base"] = info.base_name or info.base.__name__
        if info.kind == "sqlalchemy":
            node["saved"] = _models.is_saved(value)
        if info.slots:
            node["slots"] = [descriptor.__name__ for descriptor in info.slots]
        node["attrs"] = []
        node["init"] = info.init
        self._bytes -= 24 * len(info.init or ())
        self.later((fill_object, node, value, depth, secret if secret > 1 else 0))
        return node


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def fill_object(encoder: Encoder, node: Node, value: Any, depth: int, secret: int) -> None:
    """Fill in attributes and what a builtin base class holds."""
    info: Class = encoder.classes.of(type(value))
    if info.base is not None:
        node["items"] = base_items(encoder, info.base, value, depth, secret)
    if info.kind == "exception":
        arguments = _reflect.slot_value(BaseException.args, value)
        node["args"] = encoder.children(arguments[: encoder.breadth], depth + 1, secret)
    found: list[tuple[str, Any]] = []
    for descriptor in info.slots:
        held = _reflect.slot_value(descriptor, value)
        if held is not _reflect.MISSING:
            found.append((descriptor.__name__, held))
    names = _reflect.instance_dict(value)
    if info.kind == "sqlalchemy" and names is not None:
        names = {name: held for name, held in dict.items(names) if name != _models.STATE}
    size = len(found) + (len(names) if names else 0)
    if names:
        found += islice(dict.items(names), encoder.breadth)
    attributes: list[Node] = []
    for name, held in found[: encoder.breadth]:
        if attributes and encoder.late() and len(attributes) >= _LATE:
            break
        if type(name) is str:
            if name == MARK:
                size -= 1
                continue
            attributes.append([name, encoder.node(held, depth + 1, encoder.secrets.under(secret, name))])
    node["attrs"] = attributes
    encoder.cut(node, len(attributes), size)
    if names is None and info.hidden:
        node["cut"] = True


#: What a lone `token` must be to be a secret.
_BARE = frozenset({str, int, bytes, bytearray})
#: What marks an exception of a builtin class as written, see :mod:`guwu.capture._seen`.
MARK = "__guwu_captured__"


def base_items(encoder: Encoder, base: type, value: Any, depth: int, secret: int) -> Node:
    """Return the node of what the builtin base class of a value holds."""
    if base is str:
        return encoder.text(str.__str__(value), secret)
    if base is int:
        return encoder.number(int.__int__(value), secret)
    if base is float:
        return write_float(encoder, float.__float__(value), depth, secret)
    if base is bytes:
        return encoder.raw(bytes.__getitem__(value, slice(None)), "bytes", secret, encoder.limits.text)
    if base is bytearray:
        return encoder.raw(bytes(bytearray.__getitem__(value, slice(None))), "bytearray", secret, encoder.limits.text)
    node: dict[str, Any] = {"t": base.__name__, "v": []}
    _FILLERS[base](encoder, node, value, depth, secret)
    return node


def write_float(encoder: Encoder, value: float, _: int, secret: int) -> Node:
    """Return the node of a float."""
    if secret:
        return encoder.secrets.redacted(repr(value), "float")
    if value != value:
        return {"t": "float", "v": "nan"}
    return {"t": "float", "v": repr(value)}


def _write_bytes(encoder: Encoder, value: bytes, _: int, secret: int) -> Node:
    return encoder.raw(value, "bytes", secret, encoder.limits.text)


def _write_bytearray(encoder: Encoder, value: bytearray, _: int, secret: int) -> Node:
    node = encoder.raw(bytes(value[: encoder.limits.text + 1]), "bytearray", secret, encoder.limits.text)
    if "cut" in node:
        node["cut"] = len(value) - encoder.limits.text
    return encoder.known_as(value, node)


def _container(kind: type, fill: Callable[[Encoder, Node, Any, int, int], None], *, mutable: bool) -> Any:
    name = kind.__name__

    def write(encoder: Encoder, value: Any, depth: int, secret: int) -> Node:
        node: dict[str, Any] = {"t": name}
        if mutable:
            encoder.known_as(value, node)
        node["v"] = []
        if len(value) > 0:
            encoder.later((fill, node, value, depth, secret))
        return node

    return write


def _fill_sequence(iterate: Callable[[Any], Iterable[Any]], size: Callable[[Any], int]) -> Any:
    def fill(encoder: Encoder, node: Node, value: Any, depth: int, secret: int) -> None:
        heads = list(islice(iterate(value), encoder.breadth))
        node["v"] = encoder.children(heads, depth + 1, secret)
        encoder.cut(node, len(node["v"]), size(value))

    return fill


def _fill_dict(encoder: Encoder, node: Node, value: Any, depth: int, secret: int) -> None:
    heads = list(islice(dict.items(value), encoder.breadth))
    node["v"] = encoder.pairs(node, heads, dict.__len__(value), depth + 1, secret)


#: How the content of a builtin container is written, also below a subclass.
_FILLERS: dict[type, Any] = {
    dict: _fill_dict,
    list: _fill_sequence(list.__iter__, list.__len__),
    tuple: _fill_sequence(tuple.__iter__, tuple.__len__),
    set: _fill_sequence(set.__iter__, set.__len__),
    frozenset: _fill_sequence(frozenset.__iter__, frozenset.__len__),
}

#: By identity of the class: looking up a class by itself would ask its metaclass for a hash.
_WRITERS: dict[int, Callable[[Encoder, Any, int, int], Node]] = {
    id(float): write_float,
    id(bytes): _write_bytes,
    id(bytearray): _write_bytearray,
    **{id(kind): _container(kind, fill, mutable=kind in (dict, list, set)) for kind, fill in _FILLERS.items()},
}
_known.register(_WRITERS)
