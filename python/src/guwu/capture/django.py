"""Django's middleware: ``"guwu.capture.django.CaptureMiddleware"`` anywhere in ``MIDDLEWARE``.

It connects to Django's signal for exceptions that nothing has handled, and then tells Django that it is not needed, so
that requests do not pass it. :func:`guwu.capture.install` sees the same failures where Django logs them.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from guwu.capture._wsgi import tell_of

__all__ = ["CaptureMiddleware", "connect"]


class CaptureMiddleware:
    """Connects to the signal when Django starts; no request passes it."""

    sync_capable = True
    async_capable = True

    def __init__(self, _get_response: Any) -> None:
        connect()
        raise import_module("django.core.exceptions").MiddlewareNotUsed("guwu.capture is connected")


def connect() -> None:
    """Hear of what views and middlewares raise; a second call changes nothing."""
    signal = import_module("django.core.signals").got_request_exception
    signal.connect(_heard, weak=False, dispatch_uid="guwu.capture")


def _heard(**_: Any) -> None:
    # The signal is sent where the exception is handled.
    error = sys.exc_info()[1]
    if error is not None:
        tell_of(error)
