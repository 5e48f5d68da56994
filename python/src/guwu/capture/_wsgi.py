"""WSGI middleware: tells of what the application raises, and keeps what it reads of the body meanwhile.

It deliberately reads nothing of the body itself and leaves responses alone, but for generators, which raise later. The
request is found among the variables of the frames; see :mod:`guwu.capture._request`.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterable, Iterator
from typing import Any, Callable

from guwu.capture import _hooks
from guwu.capture._failure import Sighting
from guwu.capture._read import Body, Input

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Wsgi:
    """An application around an application."""

    def __init__(self, app: Application) -> None:
        self._guwu_app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH") or environ.get("HTTP_TRANSFER_ENCODING"):
            installation = _hooks.active()
            if installation is not None:
                body = Body(installation.options.limits.body)
                environ["wsgi.input"] = Input(environ["wsgi.input"], body)
        try:
            answer = self._guwu_app(environ, start_response)
        except Exception as error:
            tell_of(error)
            raise
        return _watched(self, environ, answer) if type(answer) is types.GeneratorType else answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._guwu_app, name)


def tell_of(error: BaseException) -> None:
    """Write an exception that is being handled by the caller."""
    _hooks.tell(Sighting(error, error.__traceback__, level="ERROR", frame=sys._getframe(1)))


def _watched(_app: Any, _environ: dict[str, Any], answer: Any) -> Iterator[bytes]:
    """Return a generator that does what another one does, and tells of what that raises.

    What it was called with is how a failure finds its request.
    """
    try:
        yield from answer
    except Exception as error:
        tell_of(error)
        raise
