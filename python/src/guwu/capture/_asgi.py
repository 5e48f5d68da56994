"""ASGI middleware: tells of what the application raises, with the request and what was read of its body.

It deliberately looks at HTTP requests only, and at nothing that is sent.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Callable, Optional

from guwu.capture import _hooks
from guwu.capture._request import Body, Served, serving
from guwu.capture._wsgi import tell_of

Application = Callable[..., Awaitable[None]]


class Asgi:
    """An application around an application."""

    def __init__(self, app: Application, framework: str = "asgi") -> None:
        self._guwu_app, self._guwu_framework = app, framework

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        installation = _hooks.active()
        if installation is None or scope["type"] != "http":
            await self._guwu_app(scope, receive, send)
            return
        served = Served(self._guwu_framework, self, scope=scope)
        told = _receiver(scope, receive, served, installation.options.limits.body)
        token = serving.set(served)
        try:
            await self._guwu_app(scope, told, send)
        except Exception as error:
            tell_of(error)
            raise
        finally:
            _reset(token)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._guwu_app, name)


def _reset(token: Any) -> None:
    try:
        serving.reset(token)
    except ValueError:  # finished in another context than it was started in
        serving.set(None)


def _receiver(scope: Any, receive: Any, served: Served, limit: int) -> Any:
    """Return what receives the request and remembers its body; the same as before when there is none."""
    announced = any(name in (b"content-length", b"transfer-encoding") for name, _ in scope.get("headers", ()))
    if not announced and scope.get("http_version", "1.1") not in ("2", "3"):
        return receive
    body: Optional[Body] = None

    async def told() -> Any:
        nonlocal body
        message = await receive()
        part = message.get("body") if type(message) is dict else None
        if type(part) is bytes and part:
            if body is None:
                body = served.body = Body(limit)
            body.add(part)
        return message

    return told
