"""ASGI middleware: tells of what the application raises, with the request and what was read of its body.

It deliberately looks at HTTP requests only, and at nothing that is sent.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Callable

from guwu.capture import _hooks
from guwu.capture._request import Body, Served, serving
from guwu.capture._wsgi import tell_of

_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

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
        told = receive
        if scope.get("method") not in _WITHOUT_BODY:
            body = served.body = Body(installation.options.limits.body)

            async def told() -> Any:
                message = await receive()
                body.add(message.get("body"))
                return message

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
