"""The one-line integrations with frameworks; each imports its framework when it is called.

Without them `install()` sees the failures that are logged; they add those that nothing logs, and exceptions that a
handler has made an answer above 499 of. They deliberately hook in where a framework handles an exception and nowhere
else: a request that succeeds runs the framework's own code alone.
"""

from __future__ import annotations

import sys
import types
from importlib import import_module
from typing import Any

from guwu.capture import _hooks, _reflect
from guwu.capture._answers import telling
from guwu.capture._failure import Sighting
from guwu.capture._seen import is_exception
from guwu.capture._wsgi import tell_of

#: Middlewares of one application.
_MIDDLEWARES = 100


def connect_flask(app: Any) -> None:
    """Hear of what Flask's views raise."""
    import_module("flask").got_request_exception.connect(_heard, app)
    app.handle_user_exception = telling(app.handle_user_exception, 0)


def _heard(_: Any, exception: BaseException, **__: Any) -> None:
    tell_of(exception)


def connect_fastapi(app: Any) -> None:
    """Hear of what the routes and middlewares of a Starlette or FastAPI application raise."""
    if app.middleware_stack is not None:  # it has served already
        _connect_stack(app.middleware_stack)
    build = app.build_middleware_stack
    if build is not None and not hasattr(build, "_guwu_connects"):

        def build_middleware_stack() -> Any:
            stack = build()
            _connect_stack(stack)
            return stack

        build_middleware_stack._guwu_connects = True  # type: ignore[attr-defined]
        app.build_middleware_stack = build_middleware_stack


def _connect_stack(stack: Any) -> None:
    """Hear of what the two middlewares of Starlette that handle exceptions are given to handle."""
    errors = import_module("starlette.middleware.errors").ServerErrorMiddleware
    handled = import_module("starlette.middleware.exceptions").ExceptionMiddleware
    at = stack
    for _ in range(_MIDDLEWARES):
        if isinstance(at, errors):
            for name in ("debug_response", "error_response", "handler"):
                answer = getattr(at, name, None)
                if answer is not None:
                    setattr(at, name, telling(answer, 1, always=True))
        elif isinstance(at, handled):
            for name in ("_exception_handlers", "_status_handlers"):
                handlers = getattr(at, name, None)
                if isinstance(handlers, dict):
                    handlers.update((key, telling(handler, 1)) for key, handler in list(handlers.items()))
        at = getattr(at, "app", None)
        if at is None:
            break


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


def tell_of_event(_: Any, method: str, event: Any) -> None:
    """Hear of the exception of a structlog event."""
    if type(event) is not dict:
        return
    told = event.get("exc_info")
    if told is None or told is False:
        return
    error = told[1] if type(told) is tuple and len(told) == 3 else told
    if not is_exception(error):
        error = sys.exc_info()[1]
    if error is not None:
        level = "ERROR" if method == "exception" else method.upper()
        _hooks.tell(
            Sighting(
                error,
                error.__traceback__,
                level=level,
                logger=_reflect.text(event.get("logger")),
                message=_reflect.text(event.get("event")),
                frame=sys._getframe(2),
            )
        )


def tell_of_message(message: Any) -> None:
    """Hear of the exception of a loguru message."""
    record = getattr(message, "record", None)
    if type(record) is not dict:
        return
    told = record.get("exception")
    if isinstance(told, tuple) and len(told) >= 3 and is_exception(told[1]):
        _hooks.tell(
            Sighting(
                told[1],
                told[2] if type(told[2]) is types.TracebackType else None,
                level=_reflect.text(getattr(record["level"], "name", None)),
                logger=_reflect.text(record["name"]),
                message=_reflect.text(record["message"]),
                frame=sys._getframe(2),
            )
        )
