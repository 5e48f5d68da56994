"""Finds the frames of the task that waits for what this thread does, as a web framework's for a handler in a thread.

The thread's own frames end where it was started; a future among their variables knows the task that awaits it, and that
the coroutines that led there. Only the interpreter's own classes are asked; the event loop is not. It deliberately
follows one task, no further.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

from guwu.capture import _reflect

#: Coroutines of one task.
_DEPTH = 100


def future_class() -> Any:
    """Return the class of futures, if there can be any."""
    found = _reflect.resolve("_asyncio", "Future")
    return None if found is _reflect.MISSING else found


def frames_of_waiting_task(future: Any) -> list[types.FrameType]:
    """Return the frames of the task that awaits a future of that class, the outermost first."""
    return list(_frames(future))


def _frames(future: Any) -> Iterator[types.FrameType]:
    for entry in list(future._callbacks or ()):
        task = getattr(entry[0], "__self__", None) if _is_wakeup(entry[0]) else None
        if task is None or _reflect.class_name(type(task)) != "_asyncio:Task":
            continue
        at = task.get_coro()
        for _ in range(_DEPTH):
            if type(at) is types.CoroutineType:
                frame, at = at.cr_frame, at.cr_await
            elif type(at) is types.AsyncGeneratorType:
                frame, at = at.ag_frame, at.ag_await
            elif type(at) is types.GeneratorType:
                frame, at = at.gi_frame, at.gi_yieldfrom
            else:
                return
            if frame is not None:
                yield frame
        return


def _is_wakeup(callback: Any) -> bool:
    """Tell whether a callback is the interpreter's own for going on with a task."""
    return _reflect.class_name(type(callback)) in (
        "builtins:builtin_function_or_method",
        "builtins:TaskWakeupMethWrapper",
    )
