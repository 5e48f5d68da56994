"""WSGI middleware: tells of what the application raises, with the request and what was read of its body.

It deliberately reads nothing of the body itself and leaves responses alone, but for generators, which raise later.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterable, Iterator
from typing import Any, Callable

from guwu.capture import _hooks
from guwu.capture._failure import Sighting
from guwu.capture._request import Body, Served, serving

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Input:
    """The input of a request: what the application reads is remembered."""

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


class Wsgi:
    """An application around an application."""

    def __init__(self, app: Application) -> None:
        self._guwu_app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        installation = _hooks.active()
        if installation is None:
            return self._guwu_app(environ, start_response)
        served = Served("wsgi", self, environ=environ)
        if environ.get("CONTENT_LENGTH") or environ.get("HTTP_TRANSFER_ENCODING"):
            served.body = Body(installation.options.limits.body)
            environ["wsgi.input"] = Input(environ["wsgi.input"], served.body)
        token = serving.set(served)
        try:
            answer = self._guwu_app(environ, start_response)
        except Exception as error:
            tell_of(error)
            raise
        finally:
            serving.reset(token)
        return _watched(answer, served) if type(answer) is types.GeneratorType else answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._guwu_app, name)


def tell_of(error: BaseException) -> None:
    """Write an exception that is being handled by the caller."""
    _hooks.tell(Sighting(error, error.__traceback__, level="ERROR", frame=sys._getframe(1)))


def _watched(answer: Any, served: Served) -> Iterator[bytes]:
    """Return a generator that does what another one does, and tells of what that raises."""
    try:
        while True:
            token = serving.set(served)
            try:
                part = next(answer)
            except StopIteration:
                return
            except Exception as error:
                tell_of(error)
                raise
            finally:
                serving.reset(token)
            yield part
    finally:
        answer.close()
