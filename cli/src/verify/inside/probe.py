"""Watches one pytest run from inside and writes what came up, file by file. Loaded with ``-p``; part of Gu Wu.

It never changes an outcome but for a test that hangs: that one is ended, so that the others still run. Every hook of
its own is guarded, and what it can not record it leaves out. It judges nothing.
Written for CPython 3.6 and later, so without annotations.
"""

import errno
import faulthandler
import gc
import json
import logging
import logging.handlers
import os
import signal
import sys
import threading
import traceback

import guwu_explore
import guwu_guard
import guwu_place
import guwu_watch
import guwu_words
import pytest

# A test may put something else in place of these.
_open, _write, _close, _real = os.open, os.write, os.close, os.path.realpath
_MOST_SEEN = 64
# After the limit: the signal first, then (a test that holds the interpreter) the end of the process.
_GRACE = 2


def _plan():
    with open(os.environ.pop("GUWU_PROBE_PLAN"), encoding="utf-8") as file:
        return json.load(file)


_plan = _plan()
_indices = {}
for _index, _path in enumerate(_plan["files"]):
    _indices.setdefault(_real(_path), _index)
_results = [
    {"passed": 0, "failed": 0, "errors": 0, "skipped": 0, "timed_out": False, "seen": [], "output": "",
     "reached": None}
    for _ in _plan["files"]
]
_known = [set() for _ in _results]
# An id stays taken as long as its object lives.
_kept = [[] for _ in _results]
_left = {}
_is_started = set()
_is_done = set()
_running = [None]
_current = [None]


def _tell(at, **more):
    """One line for the other side. A file that was told as done is never run again."""
    try:
        line = json.dumps(dict(more, at=at)) + "\n"
        out = _open(_plan["events"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            _write(out, line.encode("ascii"))
        finally:
            _close(out)
    except Exception:
        pass


def _done(index):
    if index in _is_done:
        return
    _is_done.add(index)
    _tell("done", file=index, run=_results[index])
    is_full = any(isinstance(error, MemoryError) for error in _kept[index])
    del _kept[index][:]
    _known[index].clear()
    # The last traceback holds what a failed test had; the next test needs the room.
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        if hasattr(sys, name):
            delattr(sys, name)
    if is_full:
        gc.collect()


_told = set()


def _tell_once(at, **said):
    key = (at, _current[0], str(said))
    if key not in _told and len(_told) < 500:
        _told.add(key)
        _tell(at, file=_current[0], **said)


def _refuse(what):
    _tell_once("refused", what=what)


def _note_database(path):
    _tell_once("database", path=path)


def _move_home(home):
    """Whatever is made in the user's home folder from here on is made in another. The interpreter has started from the
    real one, and found what is installed there."""
    real = os.path.expanduser("~")
    os.environ["USERPROFILE" if os.name == "nt" else "HOME"] = home
    for name, value in list(os.environ.items()):
        if name.startswith("XDG_") and name.endswith("_HOME") and value.startswith(real + os.sep):
            os.environ[name] = home + value[len(real):]


_move_home(_plan["home"])
guwu_guard.install(_plan["rules"], _refuse, _note_database)


def _index_of(node):
    path = getattr(node, "path", None) or getattr(node, "fspath", None)
    return _indices.get(_real(str(path)))


def _indices_of(node):
    """A file, or all that lie below a folder that can not be collected."""
    index = _index_of(node)
    if index is not None:
        return [index]
    path = _real(str(getattr(node, "path", None) or getattr(node, "fspath", None)))
    if os.path.basename(path) == "__init__.py":
        path = os.path.dirname(path)
    return [index for file, index in _indices.items() if file.startswith(path + os.sep)]


def _chain(error):
    """The exception with its causes and contexts, the last one first, cycles cut."""
    todo, done = [error], []
    while todo and len(done) < 16:
        current = todo.pop()
        if current is None or any(current is other for other in done):
            continue
        done.append(current)
        todo.append(current.__cause__)
        todo.append(current.__context__)
        todo.extend(getattr(current, "exceptions", None) or ())
    return done


def _text(error):
    # A class from somewhere may fail to say what it is.
    try:
        return str(error)[:4096]
    except Exception:
        return ""


def _tell_kernel(error):
    """What compiled code or a child was refused: no hook sees it, but the error names the file."""
    is_refusal = isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM)
    path = getattr(error, "filename", None)
    if not is_refusal or isinstance(error, guwu_guard.Refused) or not isinstance(path, (str, bytes)):
        return
    try:
        if guwu_guard.is_outside(path):
            _refuse("access %s (by the system)" % os.fsdecode(path)[:160])
    except Exception:
        pass


def _record(index, error, is_logged):
    result = _results[index]
    for position, one in enumerate(_chain(error)):
        key = (id(one), is_logged)
        if len(result["seen"]) >= _MOST_SEEN or isinstance(one, _TimeLimit):
            return
        if key in _known[index]:
            continue
        _known[index].add(key)
        _tell_kernel(one)
        frames = traceback.extract_tb(one.__traceback__)
        for frame in frames if _steps else ():
            name = frame.filename.replace(os.sep, "/")
            steps = [(n, line) for n, path, line in _steps.get(frame.name, ()) if name.endswith("/" + path)]
            _reach(steps, frame.lineno or 0, index)
        result["seen"].append(
            {
                "type": type(one).__name__,
                "message": _text(one),
                "frames": [
                    {"file": f.filename, "line": f.lineno or 0, "function": f.name, "text": (f.line or "")[:200]}
                    for f in list(frames)[-200:]
                ],
                "is_logged": is_logged,
                "chain": position,
            }
        )
        _kept[index].append(one)


# --- what is logged while a test runs -------------------------------------------------------------------------------

_factory = logging.getLogRecordFactory()
# What was logged during one call of a test that is explored.
_logged = None


def _watching_factory(*args, **kwargs):
    try:
        if _running[0] is not None or _logged is not None:
            info = args[6] if len(args) > 6 else kwargs.get("exc_info")
            error = info[1] if isinstance(info, tuple) and len(info) == 3 else None
            if error is None:
                error = sys.exc_info()[1]
            if error is not None and _logged is not None:
                _logged.append(error)
            elif error is not None:
                _record(_running[0], error, True)
    except Exception:
        pass
    return _factory(*args, **kwargs)


logging.setLogRecordFactory(_watching_factory)


def _only_inside(emit):
    """A proving run must not write into the logs that are read for production failures, nor alert anyone."""

    def wrapped(self, record):
        path = getattr(self, "baseFilename", None)
        if path is not None and not guwu_guard.is_outside(path):
            emit(self, record)

    return wrapped


def _open_inside(original):
    def wrapped(self):
        if not guwu_guard.is_outside(self.baseFilename):
            return original(self)
        return open(os.devnull, "a", encoding=self.encoding)

    return wrapped


logging.FileHandler._open = _open_inside(logging.FileHandler._open)
for _handler in (
    logging.FileHandler,
    logging.handlers.BaseRotatingHandler,
    logging.handlers.SysLogHandler,
    logging.handlers.SocketHandler,
    logging.handlers.SMTPHandler,
    logging.handlers.HTTPHandler,
):
    _handler.emit = _only_inside(_handler.emit)


# --- the project's paths, in its mirror -----------------------------------------------------------------------------


def _mirrored(path):
    """Where a path of the project lies in the mirror; any other, and what is not mirrored, as it is."""
    if not isinstance(path, str):
        return path
    for source in _plan["sources"]:
        if path == source or path.startswith(source + os.sep):
            there = _plan["mirror"] + path[len(source) :]
            return there if os.path.exists(there) else path
    return path


def _mirror_mapping(mapping):
    for name, paths in list(mapping.items()):
        if isinstance(paths, str):
            mapping[name] = _mirrored(paths)
        elif isinstance(paths, list):
            mapping[name] = [_mirrored(path) for path in paths]


def _mirror_imports():
    """Editable installations put folders of the project on the path, or a finder that knows them."""
    sys.path[:] = [_mirrored(path) for path in sys.path]
    for finder in sys.meta_path:
        owner = sys.modules.get(getattr(finder, "__module__", None) or type(finder).__module__)
        for name in ("MAPPING", "NAMESPACES"):
            if isinstance(getattr(owner, name, None), dict):
                _mirror_mapping(getattr(owner, name))
        known = getattr(finder, "known_source_files", None)
        if isinstance(known, dict):
            _mirror_mapping(known)


_mirror_imports()


# --- how far along the recorded chain a test comes -----------------------------------------------------------------

_steps = {}
for _number, _step in enumerate(_plan.get("chain") or ()):
    _steps.setdefault(_step["function"], []).append((_number + 1, _step["path"], _step["line"]))
_chain_of_code = {}


def _steps_of(code):
    try:
        return _chain_of_code[code]
    except KeyError:
        name = code.co_filename.replace(os.sep, "/")
        found = [(n, line) for n, path, line in _steps.get(code.co_name, ()) if name.endswith("/" + path)]
        _chain_of_code[code] = found
        return found


def _reach(steps, line, index=None):
    if index is None:
        index = _running[0]
    if index is None:
        return
    for number, wanted in steps:
        distance = abs(line - wanted)
        before = _results[index]["reached"]
        if before is None or number > before["frames"] or (
            number == before["frames"] and distance < before["distance"]
        ):
            _results[index]["reached"] = {"frames": number, "distance": distance}


# A test that calls more than this is watched no further: watching would slow it down. Where it fails is still told.
_MOST_CALLS = 100000
_calls = [0]


def _on_call(frame, _event, _argument):
    if frame.f_code.co_name not in _steps:
        _calls[0] += 1
        if _calls[0] > _MOST_CALLS:
            threading.settrace(None)
            sys.settrace(None)
        return None
    steps = _steps_of(frame.f_code)
    if not steps:
        return None

    def _on_line(frame, event, _argument):
        if event == "line":
            _reach(steps, frame.f_lineno)
        return _on_line

    _reach(steps, frame.f_lineno)
    return _on_line


def _watch():
    """Only when somebody wants to know, and nobody else (a coverage tool, a debugger) watches."""
    if not _steps or sys.gettrace() is not None:
        return False
    _calls[0] = 0
    threading.settrace(_on_call)
    sys.settrace(_on_call)
    return True


# --- the time limit of a test ---------------------------------------------------------------------------------------


class _TimeLimit(BaseException):
    """Ends a test that hangs; not an Exception, because tested code catches those."""


_is_armed = [False]


def _ring(_signal, _frame):
    if _is_armed[0]:
        raise _TimeLimit("the test did not end within %s seconds" % _plan["limit"])


class _Limit:
    """Around one phase of a test or the collection of one file."""

    def __enter__(self):
        self.former = None
        try:
            self.file = _open(_plan["hung"], os.O_WRONLY | os.O_CREAT, 0o600)
            faulthandler.dump_traceback_later(_plan["limit"] + _GRACE, file=self.file, exit=True)
        except Exception:
            pass
        if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
            self.former = signal.signal(signal.SIGALRM, _ring)
            _is_armed[0] = True
            # Again each second, for code that catches everything and goes on.
            signal.setitimer(signal.ITIMER_REAL, _plan["limit"], 1)

    def __exit__(self, *_error):
        _is_armed[0] = False
        try:
            faulthandler.cancel_dump_traceback_later()
            _close(self.file)
        except Exception:
            pass
        if self.former is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self.former)


def _is_late(error):
    return any(isinstance(one, _TimeLimit) for one in _chain(error))


# --- tests that are called with many values -------------------------------------------------------------------------


class _CallLimit:
    """Around one call of many."""

    is_late = staticmethod(_is_late)

    def __init__(self, seconds):
        self.seconds = seconds

    def __enter__(self):
        if _is_armed[0]:
            signal.setitimer(signal.ITIMER_REAL, self.seconds, 1)

    def __exit__(self, *_error):
        if _is_armed[0]:
            signal.setitimer(signal.ITIMER_REAL, _plan["limit"], 1)


def _is_of_project(name):
    return isinstance(name, str) and name.startswith(_plan["mirror"] + os.sep) and "guwu_candidate_" not in name


def _explore(item, plan):
    global _logged
    arguments = {name: item.funcargs[name] for name in item._fixtureinfo.argnames}

    def call():
        item.obj(**arguments)

    words = guwu_words.Words(plan["words"])
    former, output, errors = _running[0], sys.stdout, sys.stderr
    _running[0], _logged = None, []
    try:
        with open(os.devnull, "w") as nothing:
            sys.stdout = sys.stderr = nothing
            watch = guwu_watch.Watch(_steps_of, _is_of_project, words)
            place = guwu_place.Place(plan, call, watch, _chain, _CallLimit, _logged)
            item.obj.__globals__.update(guwu_value=place.value, guwu_calls=place.play, guwu_answer=place.answer)
            return guwu_explore.Search(place, words, plan["milliseconds"] / 1000.0).search()
    finally:
        sys.stdout, sys.stderr = output, errors
        _running[0], _logged = former, None


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    index = _index_of(pyfuncitem)
    plan = (_plan.get("explore") or {}).get(str(index))
    if plan is None:
        return None
    # Not where somebody else (a coverage tool, a debugger) watches.
    if sys.gettrace() in (None, _on_call):
        threading.settrace(None)
        _tell("explored", file=index, found=_explore(pyfuncitem, plan))
    return True


# --- hooks ----------------------------------------------------------------------------------------------------------


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_make_collect_report(collector):
    index = _index_of(collector)
    if index is None:
        outcome = yield
    else:
        _is_started.add(index)
        _current[0] = index
        _tell("start", file=index)
        with _Limit():
            outcome = yield
        _current[0] = None
        if outcome.excinfo is None:
            # Else it ends the whole session and stays the file that was worked on.
            _tell("end", file=index)
    try:
        report = outcome.get_result()
        if not report.failed:
            return
        call = getattr(report, "call", None)
        for index in _indices_of(collector):
            result = _results[index]
            if call is not None and call.excinfo is not None and _is_late(call.excinfo.value):
                result["timed_out"] = True
                continue
            result["errors"] += 1
            result["output"] = str(report.longreprtext)[-4096:]
            if call is not None and call.excinfo is not None:
                _record(index, call.excinfo.value, False)
    except Exception:
        pass


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session):
    for item in session.items:
        index = _index_of(item)
        _left[index] = _left.get(index, 0) + 1
    for index in range(len(_results)):
        # No test in it, or its folder could not be collected.
        if index not in _left and (index in _is_started or _results[index]["errors"]):
            _done(index)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    index = _index_of(item)
    if index is not None:
        _is_started.add(index)
        _current[0] = index
        _tell("start", file=index)
    outcome = yield
    _current[0] = None
    if index is not None:
        if outcome.excinfo is not None:
            # It ends the whole session; the others are run again without it.
            _results[index]["errors"] += 1
            _left[index] = 1
        _tell("end", file=index)
        _left[index] = _left.get(index, 1) - 1
        if _left[index] == 0:
            _done(index)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_setup(item):
    with _Limit():
        yield


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_call(item):
    _running[0] = _index_of(item)
    is_watched = _watch()
    try:
        with _Limit():
            yield
    finally:
        if is_watched:
            sys.settrace(None)
            threading.settrace(None)
        _running[0] = None


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_teardown(item):
    with _Limit():
        yield


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    try:
        index = _index_of(item)
        if index is not None and outcome.excinfo is not None and call.excinfo is not None:
            # What can not be shown did fail: parsing source for the report can, in some interpreters, where a `__del__` raises.
            said = "%s: %s" % (call.excinfo.typename, call.excinfo.value)
            outcome.force_result(
                pytest.TestReport(item.nodeid, item.location, {}, "failed", said, call.when)
            )
        if index is None:
            return
        report, result = outcome.get_result(), _results[index]
        if call.excinfo is not None and not report.skipped:
            if _is_late(call.excinfo.value):
                result["timed_out"] = True
            _record(index, call.excinfo.value, False)
        if report.failed:
            result["output"] = (str(report.longreprtext) + "\n")[-4096:]
        if report.when == "call":
            if report.passed:
                result["passed"] += 1
            elif report.failed:
                result["failed"] += 1
            else:
                result["skipped"] += 1
        elif report.failed:
            result["errors"] += 1
        elif report.skipped:
            result["skipped"] += 1
    except Exception:
        pass


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish():
    _tell("finish")
