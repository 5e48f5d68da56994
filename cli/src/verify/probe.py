"""Watches one pytest run from inside and writes what came up as JSON. Loaded with ``-p``; part of Gu Wu.

It never changes an outcome: every hook of its own is guarded, and what it can not record it leaves out.
Written for CPython 3.6 and later, so without annotations.
"""

import json
import logging
import os
import sys
import traceback

import pytest

_OUT = os.environ.get("GUWU_PROBE_OUT")
_LIMIT = 64
_result = {"passed": 0, "failed": 0, "errors": 0, "skipped": 0, "seen": []}
_known = set()
_is_running = [False]


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


def _record(error, is_logged):
    for one in _chain(error):
        if len(_result["seen"]) >= _LIMIT:
            return
        key = (id(one), is_logged)
        if key in _known:
            continue
        _known.add(key)
        frames = traceback.extract_tb(one.__traceback__)
        _result["seen"].append(
            {
                "type": type(one).__name__,
                "message": _text(one),
                "frames": [
                    {"file": f.filename, "line": f.lineno or 0, "function": f.name}
                    for f in list(frames)[-200:]
                ],
                "is_logged": is_logged,
            }
        )
        # The id stays taken as long as the object lives.
        _keep.append(one)


_keep = []
_factory = logging.getLogRecordFactory()


def _watching_factory(*args, **kwargs):
    try:
        if _is_running[0]:
            info = args[6] if len(args) > 6 else kwargs.get("exc_info")
            error = info[1] if isinstance(info, tuple) and len(info) == 3 else None
            if error is None:
                error = sys.exc_info()[1]
            if error is not None:
                _record(error, True)
    except Exception:
        pass
    return _factory(*args, **kwargs)


logging.setLogRecordFactory(_watching_factory)


def _no_emit(self, record):
    """A proving run must not write into the logs that are read for production failures."""


logging.FileHandler.emit = _no_emit


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    _is_running[0] = True
    try:
        yield
    finally:
        _is_running[0] = False


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    try:
        report = outcome.get_result()
        if call.excinfo is not None and not report.skipped:
            _record(call.excinfo.value, False)
        if report.when == "call":
            if report.passed:
                _result["passed"] += 1
            elif report.failed:
                _result["failed"] += 1
            else:
                _result["skipped"] += 1
        elif report.failed:
            _result["errors"] += 1
        elif report.skipped:
            _result["skipped"] += 1
    except Exception:
        pass


def pytest_collectreport(report):
    if report.failed:
        _result["errors"] += 1


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector):
    outcome = yield
    try:
        report = outcome.get_result()
        call = getattr(report, "call", None)
        if report.failed and call is not None and call.excinfo is not None:
            _record(call.excinfo.value, False)
    except Exception:
        pass


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    if _OUT:
        with open(_OUT, "w", encoding="utf-8") as out:
            json.dump(_result, out)
