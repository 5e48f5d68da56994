"""Requests of the frameworks that speak HTTP themselves, aiohttp and Tornado: neither WSGI nor ASGI lies below them.

They are read from what their instances hold; no property and no method is asked.
"""

from __future__ import annotations

from typing import Any, Optional

from guwu.capture import _reflect

#: Method, path, query and headers.
Head = tuple[str, str, str, list[tuple[str, str]]]

#: The parser's own record of a request, in C and in Python.
_MESSAGES = ("aiohttp._http_parser:RawRequestMessage", "aiohttp.http_parser:RawRequestMessage")
_HANDLER = "tornado.web:RequestHandler"
_APPLICATION = "aiohttp.web_app:Application"


def served_by(value: Any) -> tuple[Any, Any]:
    """Return the request and the application that the `self` of a frame tells of, each None where it does not."""
    names = {_reflect.class_name(base) for base in _reflect.mro(type(value))}
    if _HANDLER in names:
        held = _reflect.instance_dict(value) or {}
        return held.get("request"), held.get("application")
    return None, value if _APPLICATION in names else None


def head(requests: list[dict[str, Any]]) -> Optional[Head]:
    """Return what the first of these requests, by their ``__dict__``, asked for; None where none is of a server."""
    for held in requests:
        found = _of_aiohttp(held) or _of_tornado(held)
        if found is not None:
            return found
    return None


def _of_aiohttp(held: dict[str, Any]) -> Optional[Head]:
    message: Any = held.get("_message")
    if _reflect.class_name(type(message)) not in _MESSAGES:
        return None
    headers = []
    for pair in message.raw_headers:
        name, value = pair
        if type(name) is type(value) is bytes:
            headers.append((name.decode("latin-1"), value.decode("latin-1")))
    return _head(message.method, message.path, headers)


def _of_tornado(held: dict[str, Any]) -> Optional[Head]:
    kept = held.get("headers")
    if _reflect.class_name(type(kept)) != "tornado.httputil:HTTPHeaders":
        return None
    lists = (_reflect.instance_dict(kept) or {}).get("_as_list")
    headers = []
    for name, values in list(lists.items()) if type(lists) is dict else ():
        if type(name) is str and type(values) is list:
            headers += [(name, value) for value in values if type(value) is str]
    return _head(held.get("method"), held.get("uri"), headers)


def _head(method: Any, target: Any, headers: list[tuple[str, str]]) -> Optional[Head]:
    if type(method) is not str or type(target) is not str:
        return None
    path, _, query = target.partition("?")
    return method, path, query, headers
