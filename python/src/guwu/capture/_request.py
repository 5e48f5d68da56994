"""Finds the request that was served when a failure happened, and reads what a test needs to send it again.

It is told by one of the integrations through a context variable, else recognised among the variables of the frames
that the failure passed or that still run: a WSGI environ, an ASGI scope, a request of Django, Flask or Starlette. What
has been read of a body by then is used; no stream is read, and no method of a request is called.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Optional
from urllib.parse import urlencode

from guwu.capture import _frames, _lazy, _reflect, _waiting
from guwu.capture._body import clean_body, clean_query
from guwu.capture._encode import Encoder

#: Headers that say nothing about what a handler does, or are told of never.
_LEFT_OUT = frozenset((
    "authorization", "proxy-authorization", "cookie", "set-cookie", "connection", "keep-alive", "transfer-encoding",
    "te", "trailer", "upgrade", "via", "forwarded", "x-forwarded-for", "x-real-ip", "cf-connecting-ip",
    "true-client-ip", "x-request-id", "x-correlation-id", "traceparent", "tracestate", "baggage", "sentry-trace",
    "x-amzn-trace-id", "x-cloud-trace-context", "accept-encoding", "cache-control", "pragma", "dnt", "priority",
    "upgrade-insecure-requests",
))  # fmt: skip
_HEADERS, _HEADER = 40, 1_024
#: Applications that a request may have gone through.
_APPS = 20


class Served:
    """A request as an integration tells of it; what is read of the body comes in meanwhile."""

    # One is made for every request.
    __slots__ = ("app", "body", "environ", "framework", "request", "scope")

    def __init__(
        self, framework: str, app: Any, *, environ: Any = None, scope: Any = None, request: Any = None
    ) -> None:
        self.framework = framework
        self.app = app
        self.environ: Optional[dict[str, Any]] = environ
        self.scope: Optional[dict[str, Any]] = scope
        self.request = request
        self.body: Optional[Body] = None


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


#: The request that this thread or task is serving.
serving: ContextVar[Optional[Served]] = ContextVar("guwu_capture_serving", default=None)


@dataclass
class Found:
    """What was found of a request."""

    framework: str = ""
    environ: Optional[dict[str, Any]] = None
    scope: Optional[dict[str, Any]] = None
    #: ``__dict__`` of the requests of frameworks.
    requests: list[dict[str, Any]] = field(default_factory=list)
    body: Optional[Body] = None
    apps: list[Any] = field(default_factory=list)


def find(traceback: Optional[types.TracebackType], frame: Optional[types.FrameType]) -> Optional[Found]:
    """Return the request that was served, if one was."""
    found = Found()
    served = serving.get()
    if served is not None:
        found.framework, found.body = served.framework, served.body
        found.environ, found.scope = served.environ, served.scope
        if served.app is not None:
            found.apps.append(served.app)
        if served.request is not None:
            _look(served.request, found)
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
    return found


def _look_into(frame: types.FrameType, found: Found) -> dict[str, Any]:
    """Keep the requests and applications among the variables of a frame, and return these."""
    here = _frames.variables(frame)
    for name, value in here.items():
        if name != "self":
            _look(value, found)
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
        if found.environ is None and "REQUEST_METHOD" in value and "PATH_INFO" in value:
            found.environ = value
            _look(value.get("werkzeug.request"), found)
        elif found.scope is None and "headers" in value and value.get("type") == "http":
            found.scope = value
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


def _applications(frame: types.FrameType, here: dict[str, Any], found: Found) -> None:
    """Keep what may be the application that this frame belongs to: what was called with the environ or scope."""
    code = frame.f_code
    given = [here.get(name) for name in code.co_varnames[: min(code.co_argcount, 2)]]
    if len(given) == 2 and _is_call(given[1], found):
        found.apps.append(given[0])
    elif given and _is_call(given[0], found):
        function = frame.f_globals.get(code.co_name)
        if type(function) is types.FunctionType and _frames.has_code(function, code):
            found.apps.append(function)


def _is_call(value: Any, found: Found) -> bool:
    return type(value) is dict and (value is found.environ or value is found.scope)


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
        method, path, query, headers = _from_scope(found.scope or {})
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    body, form = _read_body(found)
    limit = encoder.limits.body
    node: Any = None
    if body is not None:
        whole = len(body) <= limit and (found.body is None or found.body.size <= len(body))
        clean = clean_body(body[:limit], content_type, secrets, whole=whole)
        size = max(len(body), found.body.size if found.body is not None else 0)
        if isinstance(clean, str):
            node = clean if whole else {"t": "str", "v": clean, "cut": size - limit}
        else:
            node = encoder.raw(clean, "bytes", 0, limit)
    elif form is not None:
        node = clean_query(form, secrets)
        kept = [pair for pair in headers if pair[0].lower() not in ("content-type", "content-length")]
        headers = [*kept, ("Content-Type", "application/x-www-form-urlencoded")]
    encoder.steps += len(headers) + (len(body or b"") >> 7)
    return {
        "framework": framework(found),
        "app": None,
        "method": method,
        "path": secrets.clean(path),
        "query": clean_query(query, secrets),
        "headers": [[name, secrets.clean(value[:_HEADER])] for name, value in headers if _is_told(name, encoder)],
        "body": node,
    }


def _is_told(name: str, encoder: Encoder) -> bool:
    lowered = name.lower()
    return lowered not in _LEFT_OUT and not lowered.startswith("sec-") and not encoder.secrets.weight(name)


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


def _read_body(found: Found) -> tuple[Optional[bytes], Optional[str]]:
    """Return what was read of the body, else the form that was made from it."""
    if found.body is not None and found.body.size:
        return found.body.start(), None
    for held in found.requests:
        for name in ("_body", "_cached_data"):
            if type(held.get(name)) is bytes and held[name]:
                return held[name], None
    for held in found.requests:
        for name in ("_post", "form", "_form"):
            form = _form(held.get(name))
            if form:
                return None, form
    return None, None


def _form(value: Any) -> Optional[str]:
    """Return the texts of a form: a dict of lists below Django's and werkzeug's, a list of pairs in Starlette's."""
    pairs: Iterable[Any] = ()
    if _reflect.is_below(type(value), dict):
        items = list(dict.items(value))
        pairs = [(key, each) for key, held in items if type(held) is list for each in list(held)]
    elif value is not None:
        held = (_reflect.instance_dict(value) or {}).get("_list")
        pairs = list(held) if type(held) is list else ()
    texts = [pair for pair in pairs if type(pair) is tuple and len(pair) == 2]
    texts = [(key, each) for key, each in texts if type(key) is str and type(each) is str]
    return urlencode(texts, errors="replace") if texts else None
