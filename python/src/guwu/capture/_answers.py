"""Functions of a framework that make an answer from an exception, each replaced by one that also tells of it.

What they are called for has failed already, so that a request that succeeds pays nothing. It deliberately changes no
answer, and imports no framework.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, Optional

from guwu.capture._wsgi import tell_of

#: From this status on an answer says that the application has failed.
_FAILED = 500
#: Marks what was replaced.
_MARK = "_guwu_tells"


def telling(answer: Callable[..., Any], at: int, *, always: bool = False) -> Callable[..., Any]:
    """Return a function that does what this one does with the exception that is its argument number ``at``.

    It tells of the exception before (``always``), or after that when the answer says that the application has failed.
    """
    if getattr(answer, _MARK, False):
        return answer
    made: Callable[..., Any]
    if _is_async(answer):

        async def made(*args: Any, **kwargs: Any) -> Any:
            if always:
                _tell(args, at)
                return await answer(*args, **kwargs)
            result = await answer(*args, **kwargs)
            _tell_of_answer(args, at, result)
            return result

    else:

        def made(*args: Any, **kwargs: Any) -> Any:
            if always:
                _tell(args, at)
                return answer(*args, **kwargs)
            result = answer(*args, **kwargs)
            _tell_of_answer(args, at, result)
            return result

    # A partial and an object that is called have no name to keep.
    functools.update_wrapper(made, answer, updated=())
    setattr(made, _MARK, True)
    return made


def _is_async(function: Any) -> bool:
    while isinstance(function, functools.partial):
        function = function.func
    if inspect.iscoroutinefunction(function):
        return True
    # An object that is called, as Starlette looks at it.
    return callable(function) and inspect.iscoroutinefunction(type(function).__call__)


def _tell(args: tuple[Any, ...], at: int) -> None:
    if len(args) > at and isinstance(args[at], BaseException):
        tell_of(args[at])


def _tell_of_answer(args: tuple[Any, ...], at: int, answer: Any) -> None:
    if len(args) <= at or not isinstance(args[at], BaseException):
        return
    try:
        status = _status(answer)
    except Exception:  # a property of the application's response
        return
    if status is None or status < _FAILED:
        return
    error: Optional[BaseException] = args[at]
    if error is not None and _is_answer(error):
        # What was meant as an answer is a failure when another one led to it.
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if error is not None:
        tell_of(error)


def _is_answer(error: BaseException) -> bool:
    """Tell whether an exception is one of those that stand for an answer of their own."""
    return any(
        cls.__name__ == "HTTPException" and cls.__module__.partition(".")[0] in ("werkzeug", "starlette", "fastapi")
        for cls in type(error).__mro__
    )


def _status(answer: Any) -> Optional[int]:
    """Return the status of what a handler of Flask or Starlette returned."""
    if type(answer) is tuple:
        for part in answer[1:]:
            if type(part) is int:
                return part
        answer = answer[0] if answer else None
    for name in ("status_code", "code"):
        found = getattr(answer, name, None)
        if type(found) is int:
            return found
    return None
