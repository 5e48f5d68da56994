"""Finds the request that was served when a failure happened, and reads what a test needs to send it again.

It is recognised among the variables of the frames that the failure passed or that still run: a WSGI environ, an ASGI
scope, a request of Django, Flask, Starlette, aiohttp or Tornado. Nothing is done while a request is served, and nothing
is kept of one that succeeds. What has been read of a body is used; no stream is read, and no method of a request is
called.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Optional

from guwu.capture import _frames, _lazy, _read, _reflect, _servers, _waiting
from guwu.capture._body import body_node, clean_query
from guwu.capture._encode import Encoder
from guwu.capture._read import Body

#: Headers that say nothing about what a handler does, or are told of never.
_LEFT_OUT = frozenset((
    "proxy-authorization", "cookie", "set-cookie", "connection", "keep-alive", "transfer-encoding",
    "te", "trailer", "upgrade", "via", "forwarded", "x-forwarded-for", "x-real-ip", "cf-connecting-ip",
    "true-client-ip", "x-request-id", "x-correlation-id", "traceparent", "tracestate", "baggage", "sentry-trace",
    "x-amzn-trace-id", "x-cloud-trace-context", "accept-encoding", "cache-control", "pragma", "dnt", "priority",
    "upgrade-insecure-requests",
))  # fmt: skip
_HEADERS, _HEADER = 40, 1_024
#: Applications that a request may have gone through.
_APPS = 20


@dataclass
class Found:
    """What was found of a request."""

    framework: str = ""
    environ: Optional[dict[str, Any]] = None
    scope: Optional[dict[str, Any]] = None
    #: ``__dict__`` of the requests of frameworks.
    requests: list[dict[str, Any]] = field(default_factory=list)
    body: Optional[Body] = None
    #: What a parser could not read.
    unread: list[bytes] = field(default_factory=list)
    apps: list[Any] = field(default_factory=list)


def find(
    traceback: Optional[types.TracebackType],
    frame: Optional[types.FrameType],
    errors: Iterable[BaseException] = (),
) -> Optional[Found]:
    """Return the request that was served, if one was, when these exceptions came of it."""
    found = Found(unread=_read.unread(errors))
    future_class = _waiting.future_class()
    futures: list[Any] = []
    for at in _frames_of(traceback, frame):
        for value in _look_into(at, found).values():
            if type(value) is future_class and len(futures) < 4:
                futures.append(value)
    if found.environ is None and found.scope is None and futures:
        # A handler in a thread of its own; what serves the request waits for it.
        for at in _waiting.frames_of_waiting_task(futures[0]):
            _look_into(at, found)
    if found.environ is None and found.scope is None and not found.requests:
        return None
    if found.scope is not None and found.scope.get("app") is not None:
        found.apps.insert(0, found.scope["app"])
    # What a test client is made for goes before what was put around it.
    found.apps.sort(key=lambda app: _lazy.framework_of_application(type(app)) is None)
    return found


def _look_into(frame: types.FrameType, found: Found) -> dict[str, Any]:
    """Keep the requests and applications among the variables of a frame, and return these."""
    here = _frames.variables(frame)
    for name, value in here.items():
        if name != "self":
            _look(value, found)
            continue
        request, app = _servers.served_by(value)
        _look(request, found)
        if app is not None and len(found.apps) < _APPS:
            found.apps.append(app)
    if len(found.apps) < _APPS:
        _applications(frame, here, found)
    return here


def _frames_of(traceback: Optional[types.TracebackType], frame: Optional[types.FrameType]) -> Iterator[types.FrameType]:
    """Return the frames that still run and those that the failure passed, the outermost first, at most 200 of each."""
    outer: list[types.FrameType] = []
    at = traceback.tb_frame.f_back if traceback is not None else frame
    if at is None:
        at = frame
    while at is not None and len(outer) < 200:
        outer.append(at)
        at = at.f_back
    yield from reversed(outer)
    seen = 0
    while traceback is not None and seen < 200:
        yield traceback.tb_frame
        traceback = traceback.tb_next
        seen += 1


def _look(value: Any, found: Found) -> None:
    """Keep a value that is a request."""
    cls = type(value)
    if cls is dict:
        if _is_environ(value, found.environ):
            found.environ = value
            _look(value.get("werkzeug.request"), found)
        elif found.scope is None and "headers" in value and value.get("type") == "http":
            found.scope = value
        return
    if cls is Body:
        found.body = value
        return
    if len(found.requests) >= 8 or not _reflect.is_made_by_statement(cls):
        return
    framework = _lazy.framework_of_request(cls)
    if framework is None:
        return
    held = _reflect.instance_dict(value)
    if held is None or any(held is known for known in found.requests):
        return
    found.framework = found.framework if found.framework not in ("", "wsgi", "asgi") else framework
    found.requests.append(held)
    environ = held.get("environ") or held.get("META")
    scope = held.get("scope")
    if found.environ is None and type(environ) is dict:
        found.environ = environ
    if found.scope is None and type(scope) is dict:
        found.scope = scope


def _is_environ(value: dict[str, Any], known: Optional[dict[str, Any]]) -> bool:
    """Tell whether this is an environ of WSGI, and of the same request more than what is known.

    A test client notes a few things first, without headers, and makes the environ from them.
    """
    if "REQUEST_METHOD" not in value or "PATH_INFO" not in value:
        return False
    return known is None or (
        len(value) > len(known)
        and _asks_the_same(value, known)
        # Other keys than texts may be of the application: neither their hash nor their equality is asked.
        and all(key in value for key in list(known) if type(key) is str)
    )


def _asks_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(_text(one.get(key)) == _text(other.get(key)) for key in ("REQUEST_METHOD", "PATH_INFO"))


def _applications(frame: types.FrameType, here: dict[str, Any], found: Found) -> None:
    """Keep what may be the application that this frame belongs to: what was called with the environ or scope."""
    code = frame.f_code
    given = [here.get(name) for name in code.co_varnames[: min(code.co_argcount, 2)]]
    if len(given) == 2 and _is_call(given[1], found):
        found.apps.append(given[0])
    elif given and _is_call(given[0], found) and _may_answer(given[1:]):
        function = frame.f_globals.get(code.co_name)
        if type(function) is types.FunctionType and _frames.has_code(function, code):
            found.apps.append(function)


def _may_answer(given: list[Any]) -> bool:
    """Tell whether the next argument may be ``start_response`` or ``receive``, and is no application itself."""
    return not given or type(given[0]) in _CALLABLE


#: What is called with a few arguments, and is no object of the application.
_CALLABLE = (
    types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.MethodWrapperType, functools.partial
)  # fmt: skip


def _is_call(value: Any, found: Found) -> bool:
    if type(value) is not dict:
        return False
    if value is found.environ or value is found.scope:
        return True
    # A test client hands on a copy.
    return found.environ is not None and "REQUEST_METHOD" in value and _asks_the_same(value, found.environ)


def framework(found: Found) -> str:
    """Return the name of the framework."""
    named = found.framework
    if named in ("", "wsgi", "asgi", "starlette"):
        for app in found.apps:
            known = _lazy.framework_of_application(type(app))
            if known is not None:
                return known
    return named or ("asgi" if found.environ is None else "wsgi")


def describe(found: Found, encoder: Encoder) -> dict[str, Any]:
    """Return the request as it is written, without its application."""
    secrets = encoder.secrets
    if found.environ is not None:
        method, path, query, headers = _from_environ(found.environ)
    else:
        method, path, query, headers = _servers.head(found.requests) or _from_scope(found.scope or {})
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    length = next((value for name, value in headers if name.lower() == "content-length"), "")
    body, size, form = _read_body(found, encoder.limits.body, length)
    node: Any = None
    if body is not None:
        node = body_node(encoder, body, size, content_type)
    elif form is not None:
        node = clean_query(form, secrets)
        kept = [pair for pair in headers if pair[0].lower() not in ("content-type", "content-length")]
        headers = [*kept, ("Content-Type", "application/x-www-form-urlencoded")]
    encoder.steps += len(headers)
    return {
        "framework": framework(found),
        "app": None,
        "method": method,
        "path": secrets.clean(path),
        "query": clean_query(query, secrets),
        "headers": [
            [name, _header(name, value[:_HEADER], encoder)]
            for name, value in headers[:_HEADERS]
            if _is_told(name, encoder)
        ],
        "body": node,
    }


def _is_told(name: str, encoder: Encoder) -> bool:
    lowered = name.lower()
    if lowered == "authorization":
        return True
    return lowered not in _LEFT_OUT and not lowered.startswith("sec-") and not encoder.secrets.weight(name)


def _header(name: str, value: str, encoder: Encoder) -> str:
    return encoder.secrets.credentials(value) if name.lower() == "authorization" else encoder.secrets.clean(value)


def _from_environ(environ: dict[str, Any]) -> tuple[str, str, str, list[tuple[str, str]]]:
    path = _text(environ.get("SCRIPT_NAME")).rstrip("/") + _text(environ.get("PATH_INFO"))
    headers = []
    for key, value in list(environ.items()):
        if type(key) is not str or type(value) is not str:
            continue
        if key.startswith("HTTP_"):
            headers.append((_title(key[5:]), value))
        elif key in ("CONTENT_TYPE", "CONTENT_LENGTH") and value:
            headers.append((_title(key), value))
    method = _text(environ.get("REQUEST_METHOD"))
    return method, _recoded(path), _text(environ.get("QUERY_STRING")), headers[:_HEADERS]


def _from_scope(scope: dict[str, Any]) -> tuple[str, str, str, list[tuple[str, str]]]:
    root, path = _text(scope.get("root_path")), _text(scope.get("path"))
    if root and not path.startswith(root):
        path = root.rstrip("/") + path
    query = scope.get("query_string")
    told = scope.get("headers")
    headers = []
    for pair in list(told)[: 2 * _HEADERS] if type(told) is list or type(told) is tuple else ():
        if (type(pair) is tuple or type(pair) is list) and len(pair) == 2 and type(pair[0]) is type(pair[1]) is bytes:
            headers.append((_title(pair[0].decode("latin-1")), pair[1].decode("latin-1")))
    text = query.decode("latin-1") if type(query) is bytes else _text(query)
    return _text(scope.get("method")), path, text, headers[:_HEADERS]


def _title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.replace("_", "-").split("-"))


def _text(value: Any) -> str:
    return value if type(value) is str else ""


def _recoded(text: str) -> str:
    """Return a text of a WSGI environ, which has one character a byte, as what it is."""
    try:
        return text.encode("latin-1").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")


def _read_body(found: Found, limit: int, length: str) -> tuple[Optional[bytes], int, Optional[str]]:
    """Return what was read of the body and how much that was, else the form that was made from it."""
    body = found.body
    if body is None and found.environ is not None:
        body = _read.of_environ(found.environ, limit)
    if body is None or not body.size:
        for held in found.requests:
            body = body if body is not None and body.size else _read.of_memory(held.get("_stream"), limit)
    if body is not None and body.size:
        return body.start(), body.size, None
    kept = _read.bytes_of(found.requests)
    if kept is not None:
        return kept, len(kept), None
    for text in found.unread:
        if str(len(text)) == length:
            return text, len(text), None
    form = _read.form_of(found.requests)
    parsed = _read.parsed_of(found.requests) if form is None else None
    return parsed, len(parsed or b""), form
