"""The one-line integrations with frameworks; each imports its framework when it is called.

Without them `install()` sees the failures that are logged, and recognises the request among the variables of the
frames; they add failures that nothing logs and bodies that nothing keeps. They deliberately do no more than connect.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from guwu.capture import _hooks
from guwu.capture._asgi import Asgi
from guwu.capture._failure import Sighting
from guwu.capture._request import Served, serving
from guwu.capture._wsgi import tell_of


def connect_flask(app: Any) -> None:
    """Hear of what Flask's views raise."""
    flask = import_module("flask")
    request = flask.request

    def heard(sender: Any, exception: BaseException, **_: Any) -> None:
        environ = request.environ if request else None
        token = serving.set(Served("flask", sender, environ=environ)) if environ is not None else None
        try:
            tell_of(exception)
        finally:
            if token is not None:
                serving.reset(token)

    flask.got_request_exception.connect(heard, app, weak=False)


def connect_fastapi(app: Any) -> None:
    """Put the middleware around the routes of a Starlette or FastAPI application."""
    if app.middleware_stack is None:
        app.add_middleware(Asgi, framework="starlette")
    else:  # it has served already
        app.middleware_stack = Asgi(app.middleware_stack, framework="starlette")


def connect_celery() -> None:
    """Hear of tasks that failed."""
    import_module("celery.signals").task_failure.connect(_task_failed, weak=False)


def _task_failed(exception: Any = None, traceback: Any = None, **_: Any) -> None:
    if isinstance(exception, BaseException):
        told = traceback if traceback is not None and hasattr(traceback, "tb_frame") else exception.__traceback__
        _hooks.tell(Sighting(exception, told, level="ERROR", frame=sys._getframe(1)))


def connect_asyncio(loop: Any) -> None:
    """Hear of what an event loop is told of."""
    previous = loop.get_exception_handler()

    def handler(loop: Any, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            message = context.get("message")
            _hooks.tell(
                Sighting(
                    error,
                    error.__traceback__,
                    level="ERROR",
                    logger="asyncio",
                    message=message if type(message) is str else None,
                    frame=sys._getframe(1),
                )
            )
        if previous is None:
            loop.default_exception_handler(context)
        else:
            previous(loop, context)

    loop.set_exception_handler(handler)
