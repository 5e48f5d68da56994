"""ASGI middleware: tells of what the application raises, and keeps what it receives of the body meanwhile.

It deliberately looks at HTTP requests only, and at nothing that is sent. The request is found among the variables of
the frames; see :mod:`guwu.capture._request`.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Callable

from guwu.capture import _hooks
from guwu.capture._read import Body
from guwu.capture._wsgi import tell_of

_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

Application = Callable[..., Awaitable[None]]


class Asgi:
    """An application around an application."""

    def __init__(self, app: Application) -> None:
        self._guwu_app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._guwu_app(scope, receive, send)
            return
        if scope.get("method") not in _WITHOUT_BODY:
            installation = _hooks.active()
            if installation is not None:
                # A failure finds it among the variables of this frame.
                body = Body(installation.options.limits.body)
                receive = _kept(receive, body)
        try:
            await self._guwu_app(scope, receive, send)
        except Exception as error:
            tell_of(error)
            raise

    def __getattr__(self, name: str) -> Any:
        return getattr(self._guwu_app, name)


def _kept(receive: Any, body: Body) -> Any:
    """Return what receives as ``receive`` does, and keeps what it receives of a body."""

    async def kept() -> Any:
        message = await receive()
        body.add(message.get("body"))
        return message

    return kept
