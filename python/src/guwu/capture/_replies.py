"""Finds what other services had answered: responses of requests, httpx and aiohttp in variables and exceptions.

A response of which the body was not read is none. Nothing is read from a stream and no method of a client is called; it
deliberately does not look for responses anywhere else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Optional
from urllib.parse import urlsplit, urlunsplit

from guwu.capture import _reflect
from guwu.capture._body import body_node, clean_query

#: Responses of one failure, variables that are looked at for them, headers of each and their length.
MOST = 8
_VARIABLES, _HEADERS, _HEADER = 400, 20, 1024

_CLIENTS = {
    "requests.models:Response": "requests",
    "httpx:Response": "httpx",
    "aiohttp.client_reqrep:ClientResponse": "aiohttp",
}
_MODULES = ("requests.models", "httpx", "aiohttp.client_reqrep")
#: Of the connection, not of the answer; the body was unpacked.
_LEFT_OUT = frozenset(
    {
        "connection",
        "content-encoding",
        "content-length",
        "date",
        "keep-alive",
        "server",
        "set-cookie",
        "transfer-encoding",
    }
)


@dataclass
class Reply:
    """A response as it was found."""

    #: `requests`, `aiohttp`, `httpx`, or `httpx.async` where it was awaited.
    client: str
    method: str
    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes


def is_used() -> bool:
    """Tell whether the application has loaded one of the clients."""
    return any(name in sys.modules for name in _MODULES)


def replies(variables: Iterable[dict[str, Any]], errors: Iterable[BaseException]) -> list[Reply]:
    """Return the responses that variables hold, nearest frame first, and then those of exceptions."""
    found: list[Reply] = []
    met: set[int] = set()
    for value in _candidates(variables, errors):
        client = _CLIENTS.get(_reflect.class_name(type(value)))
        if client is None or id(value) in met or len(found) == MOST:
            continue
        met.add(id(value))
        held = _reflect.instance_dict(value) or {}
        reply = _READERS[client](held)
        if reply is not None:
            found.append(reply)
    return found


def _candidates(variables: Iterable[dict[str, Any]], errors: Iterable[BaseException]) -> Iterator[Any]:
    for names in variables:
        yield from islice(list(names.values()), _VARIABLES)
    for error in errors:
        held = _reflect.instance_dict(error)
        if held is not None:
            yield held.get("response")


def _of_requests(held: dict[str, Any]) -> Optional[Reply]:
    asked = _reflect.instance_dict(held.get("request")) or {}
    stored = (_reflect.instance_dict(held.get("headers")) or {}).get("_store")
    pairs = list(dict.values(stored)) if isinstance(stored, dict) else []
    headers = [pair for pair in pairs if type(pair) is tuple and len(pair) == 2]
    return _reply("requests", asked.get("method"), asked.get("url"), held, headers)


def _of_httpx(held: dict[str, Any]) -> Optional[Reply]:
    asked = _reflect.instance_dict(held.get("_request")) or {}
    url = asked.get("url")
    listed = (_reflect.instance_dict(held.get("headers")) or {}).get("_list")
    headers = _of_bytes(listed)
    text = str(url) if _reflect.class_name(type(url)) == "httpx:URL" else None
    is_awaited = _reflect.class_name(type(held.get("stream"))).endswith(":BoundAsyncStream")
    client = "httpx.async" if is_awaited else "httpx"
    return _reply(client, asked.get("method"), text, held, headers)


def _of_aiohttp(held: dict[str, Any]) -> Optional[Reply]:
    url, status, body = held.get("_real_url"), held.get("status"), held.get("_body")
    text = str(url) if _reflect.class_name(type(url)) in ("yarl:URL", "yarl._url:URL") else None
    headers = _of_bytes(held.get("_raw_headers"))
    return _reply("aiohttp", held.get("method"), text, {"status_code": status, "_content": body}, headers)


_READERS = {"requests": _of_requests, "httpx": _of_httpx, "aiohttp": _of_aiohttp}


def _of_bytes(pairs: Any) -> list[tuple[str, str]]:
    """Return headers as texts."""
    return [
        (pair[0].decode("latin-1"), pair[-1].decode("latin-1"))
        for pair in (pairs if type(pairs) in (list, tuple) else ())
        if type(pair) is tuple and pair and type(pair[0]) is bytes and type(pair[-1]) is bytes
    ]


def _reply(client: str, method: Any, url: Any, held: dict[str, Any], headers: list[Any]) -> Optional[Reply]:
    status, body = held.get("status_code"), held.get("_content")
    if type(method) is not str or type(url) is not str or not isinstance(status, int) or type(body) is not bytes:
        return None
    texts = [(name, value) for name, value in headers if type(name) is str and type(value) is str]
    return Reply(client, method, url, int(status), texts, body)


def describe(reply: Reply, encoder: Any) -> dict[str, Any]:
    """Return what is written of a response."""
    secrets = encoder.secrets
    try:
        parts = urlsplit(reply.url)
        host = parts.netloc.rpartition("@")[2]
        url = urlunsplit((parts.scheme, host, secrets.clean(parts.path), clean_query(parts.query, secrets), ""))
    except ValueError:
        url = ""
    kind = next((value for name, value in reply.headers if name.lower() == "content-type"), "")
    encoder.steps += len(reply.headers)
    return {
        "client": reply.client,
        "method": reply.method,
        "url": url,
        "status": reply.status,
        "headers": [
            [name, secrets.clean(value[:_HEADER])]
            for name, value in reply.headers[:_HEADERS]
            if name.lower() not in _LEFT_OUT and not secrets.weight(name)
        ],
        "body": body_node(encoder, reply.body, len(reply.body), kind),
    }
