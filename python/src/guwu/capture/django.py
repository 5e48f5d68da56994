"""Django's middleware: ``"guwu.capture.django.CaptureMiddleware"`` as the last entry of ``MIDDLEWARE``.

It tells of what views raise and remembers what is read of bodies. What other middleware raises Django logs, and
:func:`guwu.capture.install` sees that. It deliberately touches neither request nor response otherwise.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from guwu.capture import _hooks
from guwu.capture._request import Body, Served, serving
from guwu.capture._wsgi import Input, tell_of

__all__ = ["CaptureMiddleware"]


class CaptureMiddleware:
    """Tells of what views raise."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response
        self._is_async = import_module("asgiref.sync").iscoroutinefunction(get_response)
        if self._is_async:
            _mark(self)

    def __call__(self, request: Any) -> Any:
        """See Django's documentation of middleware."""
        if self._is_async:
            return self._call(request)
        token = _start(request)
        try:
            return self.get_response(request)
        finally:
            _stop(token)

    async def _call(self, request: Any) -> Any:
        token = _start(request)
        try:
            return await self.get_response(request)
        finally:
            _stop(token)

    def process_exception(self, request: Any, exception: Exception) -> None:
        """See Django's documentation of middleware."""
        if serving.get() is None:
            token = serving.set(Served("django", None, request=request))
            try:
                tell_of(exception)
            finally:
                _stop(token)
        else:
            tell_of(exception)


def _mark(middleware: Any) -> None:
    import_module("asgiref.sync").markcoroutinefunction(middleware)


def _start(request: Any) -> Any:
    installation = _hooks.active()
    if installation is None:
        return None
    served = Served("django", None, request=request)
    stream = request.__dict__.get("_stream")
    if stream is not None and request.META.get("CONTENT_LENGTH") not in (None, "", "0"):
        served.body = Body(installation.options.limits.body)
        request._stream = Input(stream, served.body)
    return serving.set(served)


def _stop(token: Any) -> None:
    if token is None:
        return
    try:
        serving.reset(token)
    except ValueError:  # finished in another context than it was started in
        serving.set(None)
