"""A web application that fails with exactly the request that it was sent."""

from collections.abc import Callable, Iterable
from typing import Any

from shelf.values import CODE, TEXTS

#: handler -> method, path, query, headers, body
REQUESTS: dict[str, tuple[str, str, str, dict[str, str], bytes]] = {
    "first": (
        "POST",
        f'/first/"); {CODE} #',
        f"a='\"&b={{{{7*7}}}}&c=%00%0a%22",
        {"X-Quote": f'"); {CODE} #', "X-Template": "{{ 7*7 }}{% raw %}", "X-Slash": "\\", "X-F": "{x!r}"},
        TEXTS["triple double"].encode(),
    ),
    "second": (
        "PUT",
        "/second/../../etc/passwd\x00\r\n",
        "",
        {"X-Bell": "\x07\x1b[2J", "X-Tab": "a\tb", "Content-Type": f"text/plain; charset=\"{CODE}\""},
        bytes(range(256)),
    ),
    "third": ("DELETE", "/third/\u202e\u00e9\U0001f600", "\u00e9", {"X-Latin": "\u00ff"}, b""),
}


def matches(environ: dict[str, Any], name: str) -> bool:
    """Tell whether this is the request, to the last character."""
    method, path, query, headers, body = REQUESTS[name]
    sent = {f"HTTP_{key.upper().replace('-', '_')}": value for key, value in headers.items() if key != "Content-Type"}
    return (
        environ["REQUEST_METHOD"] == method
        and environ["PATH_INFO"] == path.encode("utf-8").decode("latin-1")
        and environ["QUERY_STRING"] == query
        and all(environ.get(key) == value for key, value in sent.items())
        and environ.get("CONTENT_TYPE", "") == headers.get("Content-Type", environ.get("CONTENT_TYPE", ""))
        and environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])) == body
    )


def first(environ: dict[str, Any]) -> float:
    """Fail with the first request."""
    return 1 / (0 if matches(environ, "first") else 1)


def second(environ: dict[str, Any]) -> float:
    """Fail with the second request."""
    return 1 / (0 if matches(environ, "second") else 1)


def third(environ: dict[str, Any]) -> float:
    """Fail with the third request."""
    return 1 / (0 if matches(environ, "third") else 1)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request."""
    handlers: dict[str, Callable[[dict[str, Any]], float]] = {"first": first, "second": second, "third": third}
    handler = handlers[environ["PATH_INFO"].split("/")[1]]
    handler(environ)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
