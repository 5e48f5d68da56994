"""Writes failures with the values that caused them, for ``guwu scan`` to read.

``guwu.capture.install()`` at the start of the application is all that is needed::

    import guwu.capture
    guwu.capture.install()

Every exception that is logged with its traceback, that the application prints or formats with ``traceback``, or that
ends a thread or the program, becomes one line of ``app/logs/guwu-failures.jsonl``: the exceptions, the arguments and
objects of the application's own frames, and the request that was served. The format is described in
``docs/capture.md``.

It never raises, never changes what the application does and runs no code of the application's classes. It deliberately
imports no framework.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Optional, TypeVar, Union

from guwu.capture import _asgi, _hooks, _integrations, _wsgi
from guwu.capture._options import Limits, Options, PathLike, path_of, roots_of

__all__ = [
    "Limits",
    "asgi",
    "asyncio",
    "celery",
    "fastapi",
    "flask",
    "install",
    "loguru",
    "record",
    "starlette",
    "stats",
    "structlog",
    "uninstall",
    "wsgi",
]

_App = TypeVar("_App")


def install(
    path: Optional[PathLike] = None,
    *,
    roots: Optional[Union[PathLike, Iterable[PathLike]]] = None,
    redact: Iterable[str] = (),
    redact_patterns: Iterable[str] = (),
    redact_emails: bool = False,
    limits: Optional[Limits] = None,
    clock: Optional[Callable[[], float]] = None,
) -> None:
    """Start capturing failures; a second call changes the settings.

    :param path: the file to write; by default ``GUWU_CAPTURE_PATH``, else ``app/logs/guwu-failures.jsonl`` below the
        current folder.
    :param roots: folders that hold the application's own code; by default ``GUWU_CAPTURE_ROOTS``, else the current
        folder.
    :param redact: more names whose values are secret, such as ``national_id``.
    :param redact_patterns: regular expressions of more secrets.
    :param redact_emails: whether mail addresses are secrets.
    :param limits: how much is written, see :class:`Limits`.
    :param clock: what tells the time for the time budget, in seconds.
    """
    try:
        file, folders = path_of(path), roots_of(roots)
    except OSError:  # the current folder is gone
        return
    options = Options(
        path=file,
        roots=folders,
        limits=limits or Limits(),
        redact=tuple(redact),
        redact_patterns=tuple(redact_patterns),
        redact_emails=redact_emails,
    )
    if clock is not None:
        options = Options(**{**options.__dict__, "clock": clock})
    _hooks.install(options)


def uninstall() -> None:
    """Stop capturing, and put back the hooks that were there before."""
    _hooks.uninstall()


def stats() -> dict[str, int]:
    """Return how many failures were written, met again, left out by the rate limit, or could not be written."""
    installation = _hooks.active()
    return dict(installation.counts.__dict__) if installation is not None else {}


def record(error: BaseException) -> None:
    """Write an exception that the application has caught and does not log."""
    _wsgi.tell_of(error)


def wsgi(app: Any) -> Any:
    """Return a WSGI application that does what this one does and whose failures are written."""
    _begin()
    return _wsgi.Wsgi(app)


def asgi(app: Any) -> Any:
    """Return an ASGI application that does what this one does and whose failures are written."""
    _begin()
    return _asgi.Asgi(app)


def flask(app: _App) -> _App:
    """Write what the views of a Flask application raise; returns the application."""
    _begin()
    _integrations.connect_flask(app)
    return app


def fastapi(app: _App) -> _App:
    """Write what the routes of a FastAPI or Starlette application raise; returns the application."""
    _begin()
    _integrations.connect_fastapi(app)
    return app


starlette = fastapi


def celery(app: Optional[_App] = None) -> Optional[_App]:
    """Write what Celery's tasks raise; returns the application."""
    _begin()
    _integrations.connect_celery()
    return app


def structlog(logger: Any, method: str, event: _App) -> _App:
    """Write what a structlog event carries as ``exc_info``.

    A processor, to stand before those that format it::

        structlog.configure(processors=[guwu.capture.structlog, ...])

    :return: the event as it came.
    """
    _begin()
    _integrations.tell_of_event(logger, method, event)
    return event


def loguru(message: Any) -> None:
    """Write what a loguru message carries as its exception.

    A sink::

    logger.add(guwu.capture.loguru, level="WARNING")
    """
    _begin()
    _integrations.tell_of_message(message)


def asyncio(loop: Any = None) -> None:
    """Write what an event loop, by default the running one, is told of by tasks and callbacks.

    Without it, what the default handler logs is written.
    """
    import asyncio as loops

    _begin()
    _integrations.connect_asyncio(loop if loop is not None else loops.get_running_loop())


def _begin() -> None:
    """Install with the defaults unless something is installed."""
    if _hooks.active() is None:
        install()
