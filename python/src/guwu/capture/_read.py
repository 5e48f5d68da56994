"""What the application has read of a request's body: kept by the middlewares, or by who made something of it.

It deliberately reads no stream: of one in memory, what lies before its position is what was read.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any, Optional
from urllib.parse import urlencode

from guwu.capture import _reflect

#: Classes that hold a stream as an attribute and leave reading to it.
_AROUND = ("tempfile:SpooledTemporaryFile", "django.core.handlers.wsgi:LimitedStream")
#: Elements of a parsed body.
_PARSED = 5_000


class Body:
    """The start of a body, as far as the application has read it; nothing is copied until it is asked for."""

    __slots__ = ("limit", "parts", "size")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.parts: list[bytes] = []
        self.size = 0

    def add(self, part: Any) -> None:
        """Keep another part."""
        if type(part) is bytes:
            if self.size < self.limit:
                self.parts.append(part)
            self.size += len(part)

    def start(self) -> bytes:
        """Return what is kept."""
        return b"".join(self.parts)[: self.limit]


class Input:
    """The input of a WSGI request: what the application reads is remembered."""

    def __init__(self, stream: Any, body: Body) -> None:
        self._guwu_stream, self._guwu_body = stream, body

    def read(self, *size: Any) -> Any:
        """See :pep:`3333`."""
        return self._guwu_keep(self._guwu_stream.read(*size))

    def readline(self, *size: Any) -> Any:
        """See :pep:`3333`."""
        return self._guwu_keep(self._guwu_stream.readline(*size))

    def readlines(self, *hint: Any) -> Any:
        """See :pep:`3333`."""
        lines = self._guwu_stream.readlines(*hint)
        for line in lines:
            self._guwu_keep(line)
        return lines

    def __iter__(self) -> Iterator[Any]:
        for line in self._guwu_stream:
            yield self._guwu_keep(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._guwu_stream, name)

    def _guwu_keep(self, part: Any) -> Any:
        if type(part) is bytes:
            self._guwu_body.add(part)
        return part


def of_environ(environ: dict[str, Any], limit: int) -> Optional[Body]:
    """Return what was read of the input of a WSGI request, where that can be told."""
    stream = environ.get("wsgi.input")
    return stream._guwu_body if type(stream) is Input else of_memory(stream, limit)


def of_memory(stream: Any, limit: int) -> Optional[Body]:
    """Return what was read of a stream that holds all of its bytes itself."""
    if _reflect.class_name(type(stream)) in _AROUND:
        held = _reflect.instance_dict(stream) or {}
        stream = held.get("_file", held.get("_stream"))
    if type(stream) is not io.BytesIO or stream.closed:
        return None
    size = stream.tell()
    body = Body(limit)
    with stream.getbuffer() as view:
        body.parts.append(bytes(view[: min(size, limit)]))
        body.size = min(size, len(view))
    return body


def unread(errors: Iterable[BaseException]) -> list[bytes]:
    """Return the texts that a parser of JSON or a decoder could not read."""
    found = []
    for error in errors:
        text: Any = None
        if _reflect.class_name(type(error)) == "json.decoder:JSONDecodeError":
            text = (_reflect.instance_dict(error) or {}).get("doc")
        elif type(error) is UnicodeDecodeError:
            text = error.object
        if type(text) is str:
            text = text.encode("utf-8", "replace")
        if type(text) is bytes and text:
            found.append(text)
    return found


def bytes_of(requests: list[dict[str, Any]]) -> Optional[bytes]:
    """Return the bytes of a body that one of these requests of frameworks, by their ``__dict__``, has kept."""
    for held in requests:
        for name in ("_body", "_cached_data", "_read_bytes", "body"):
            if type(held.get(name)) is bytes and held[name]:
                found: bytes = held[name]
                return found
    return None


def form_of(requests: list[dict[str, Any]]) -> Optional[str]:
    """Return the form that one of them has made of its body."""
    for held in requests:
        for name in ("_post", "form", "_form", "_full_data"):
            form = _form(held.get(name))
            if form:
                return form
    return None


def parsed_of(requests: list[dict[str, Any]]) -> Optional[bytes]:
    """Return as JSON what one of them, of Django REST framework, has parsed."""
    for held in requests:
        parsed = held.get("_full_data")
        if type(parsed) in (dict, list) and _is_json(parsed):
            return json.dumps(parsed, ensure_ascii=False).encode("utf-8", "replace")
    return None


def _is_json(value: Any) -> bool:
    pending, left = [value], _PARSED
    while pending:
        at, left = pending.pop(), left - 1
        kind = type(at)
        if left < 0:
            return False
        if kind is dict:
            pending += [*at.keys(), *at.values()]
        elif kind is list:
            pending += at
        elif kind not in (str, int, float, bool, type(None)):
            return False
    return True


def _form(value: Any) -> Optional[str]:
    """Return the texts of a form: a dict of lists below Django's and werkzeug's, a list of pairs in Starlette's."""
    pairs: Iterable[Any] = ()
    if type(value) is dict:
        return None
    if _reflect.is_below(type(value), dict):
        items = list(dict.items(value))
        pairs = [(key, each) for key, held in items if type(held) is list for each in list(held)]
    elif value is not None:
        held = (_reflect.instance_dict(value) or {}).get("_list")
        pairs = list(held) if type(held) is list else ()
    texts = [pair for pair in pairs if type(pair) is tuple and len(pair) == 2]
    texts = [(key, each) for key, each in texts if type(key) is str and type(each) is str]
    return urlencode(texts, errors="replace") if texts else None
