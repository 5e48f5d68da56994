"""Every way a failure shows itself is heard once, what was there before still happens, and all of it can be undone."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from capture_support import Lines, logged
from conftest import Project
from guwu import capture


def _fail(argument: Any = None) -> None:
    raise KeyError(argument)


def test_loggers_that_do_not_propagate_are_heard(lines: Lines) -> None:
    log = logging.getLogger("test.alone")
    log.propagate, log.handlers = False, [logging.NullHandler()]
    try:
        _fail(1)
    except KeyError as error:
        log.warning("odd: %s", "reason", exc_info=error)
    line = lines.one()
    assert (line["level"], line["logger"], line["log_message"]) == ("WARNING", "test.alone", "odd: reason")
    assert line["exceptions"] == [
        {
            "type": "KeyError",
            "module": None,
            "message": "1",
            "notes": [],
            "relation": None,
            "group_path": [],
            "syntax": None,
            "frames": line["exceptions"][0]["frames"],
        }
    ]
    assert line["timestamp"].endswith("+00:00")
    assert [frame["function"] for frame in line["exceptions"][0]["frames"]] == [
        "test_loggers_that_do_not_propagate_are_heard",
        "_fail",
    ]
    assert line["exceptions"][0]["frames"][1]["source_line"] == "raise KeyError(argument)"


def test_records_that_no_logger_lets_through_are_no_failures(lines: Lines) -> None:
    log = logging.getLogger("test.filtered")
    log.propagate, log.handlers = False, [logging.NullHandler()]
    log.addFilter(lambda _: False)
    try:
        _fail()
    except KeyError:
        log.exception("filtered")
        logging.getLogger("test.filtered.debug").debug("below the level", exc_info=True)
    log.filters.clear()
    log.error("no exception")
    log.error("no exception either", exc_info=True)
    assert lines.all() == []


def test_the_message_is_as_a_handler_formatted_it(lines: Lines) -> None:
    class Shown:
        def __str__(self) -> str:
            return "shown"

    log = logging.getLogger("test.formatted")
    handler = logging.StreamHandler(open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
    log.propagate, log.handlers = False, [handler]
    try:
        _fail()
    except KeyError:
        log.exception("it was %s", Shown())
    handler.stream.close()
    assert lines.one()["log_message"] == "it was shown"


def test_messages_are_as_printed_where_a_class_makes_its_own(lines: Lines) -> None:
    class Denied(Exception):
        def __str__(self) -> str:
            return "line one\nline two"

    def fails() -> None:
        raise Denied(1, 2)

    log = logging.getLogger("test.printed")
    handler = logging.StreamHandler(open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
    log.propagate, log.handlers = False, [handler]
    try:
        fails()
    except Denied:
        log.exception("failed")
    try:
        try:
            fails()
        except Denied as error:
            raise KeyError("later") from error
    except KeyError:
        log.exception("failed again")
    handler.stream.close()
    log.handlers = []
    logged(fails)
    told = [[each["message"] for each in line["exceptions"]] for line in lines.all()]
    assert told == [["line one\nline two"], ["line one\nline two", "'later'"], [None]]


def test_a_handler_that_raises_still_does(lines: Lines) -> None:
    class Raises(logging.Handler):
        def handle(self, record: logging.LogRecord) -> bool:
            raise OSError(record.name)

    log = logging.getLogger("test.raises")
    log.propagate, log.handlers = False, [Raises()]
    with pytest.raises(OSError, match=r"test\.raises"):
        try:
            _fail()
        except KeyError:
            log.exception("failed")
    log.handlers = []
    assert lines.one()["exceptions"][0]["type"] == "KeyError"


class Known(Exception):
    """A class of the application, to which weak references can be made."""


@pytest.mark.parametrize("kind", [KeyError, Known])
def test_an_exception_is_written_once(kind: Any, lines: Lines) -> None:
    def inner() -> None:
        try:
            raise kind("x")
        except kind:
            logging.getLogger("test.capture").exception("first")
            raise

    logged(inner)
    logged(inner)
    assert [line["log_message"] for line in lines.all()] == ["first", "first"]
    assert capture.stats()["repeated"] == 2


def test_many_exceptions_at_one_address_are_all_written(lines: Lines) -> None:
    # A freed exception's memory is used again at once.
    for number in range(4):
        logged(lambda number=number: _fail(number))  # type: ignore[misc]
    assert [line["exceptions"][0]["message"] for line in lines.all()] == ["0", "1", "2", "3"]


def test_chains_are_written_root_cause_first(lines: Lines) -> None:
    def fails() -> None:
        try:
            try:
                _fail("root")
            except KeyError as error:
                raise ValueError("middle") from error
        except ValueError:
            raise RuntimeError("primary")  # noqa: B904

    logged(fails)
    line = lines.one()
    told = [(each["type"], each["relation"]) for each in line["exceptions"]]
    assert told == [("KeyError", None), ("ValueError", "cause"), ("RuntimeError", "context")]
    assert {frame["exception"] for frame in line["captured"]["frames"]} == {0, 1, 2}


@pytest.mark.skipif(sys.version_info < (3, 11), reason="no exception groups")
def test_members_follow_their_group(lines: Lines) -> None:
    def fails() -> None:
        members = []
        for number in range(2):
            try:
                _fail(number)
            except KeyError as error:
                members.append(error)
        raise BaseExceptionGroup("several", members)  # type: ignore[name-defined, unused-ignore]  # noqa: F821

    logged(fails)
    told = [(each["type"], each["relation"], each["group_path"]) for each in lines.one()["exceptions"]]
    assert told == [("ExceptionGroup", None, []), ("KeyError", "member", [1]), ("KeyError", "member", [2])]


def test_threads_are_heard(lines: Lines, capfd: pytest.CaptureFixture[str]) -> None:
    thread = threading.Thread(target=_fail, args=("in a thread",))
    previous = threading.excepthook
    # What pytest has put there is for threads of tests.
    capture.uninstall()
    threading.excepthook = threading.__excepthook__ if sys.version_info >= (3, 10) else previous
    capture.install(lines.path, roots=Path(__file__).parent)
    thread.start()
    thread.join()
    capture.uninstall()
    threading.excepthook = previous
    assert lines.one()["exceptions"][0]["message"] == "'in a thread'"
    assert sys.version_info < (3, 10) or "KeyError: 'in a thread'" in capfd.readouterr().err


SCRIPT = """\
import sys
sys.excepthook = lambda *told: print("previous hook:", told[0].__name__)
import guwu.capture
guwu.capture.install(limits=guwu.capture.Limits(seconds=60))

class Cart:
    def __init__(self):
        self.lines = [1, 2]

    def total(self, rate):
        return sum(self.lines) / rate

CART = Cart()
CART.total(0)
"""


@pytest.mark.parametrize(
    "call",
    [
        "traceback.print_exc()",
        "print_exc()",
        "traceback.print_exception(*sys.exc_info())",
        "logging.getLogger('x').error('failed: %s', traceback.format_exc())",
        "traceback.format_exception(type(error), error, error.__traceback__)",
        # Twice, and told once.
        "traceback.print_exc(); logging.getLogger('x').exception('failed')",
    ],
)
def test_what_a_handler_prints_is_heard(call: str, project: Project) -> None:
    project.write("shop/__init__.py", "")
    project.write(
        "shop/job.py",
        "import logging, sys, traceback\nfrom traceback import print_exc\n"
        f"def run(order):\n    try:\n        return order['lines']\n    except KeyError as error:\n        {call}\n",
    )
    project.write("main.py", "import guwu.capture\nguwu.capture.install()\nfrom shop.job import run\nrun({'id': 7})\n")
    run = project.python("main.py")
    assert run.status == 0, run.err
    if "print" in call:
        assert run.err.startswith("Traceback")
        assert run.err.count("KeyError: 'lines'") == 1 + call.count(".exception(")
    line = Lines(project.root / "app" / "logs" / "guwu-failures.jsonl").one()
    assert (line["level"], line["exceptions"][0]["type"]) == ("ERROR", "KeyError")
    frame = line["captured"]["frames"][0]
    assert (frame["module"], frame["qualname"], frame["arguments"][0]["name"]) == ("shop.job", "run", "order")


def test_what_a_library_asks_a_text_of_is_not_heard(project: Project) -> None:
    project.write(
        "site-packages/retrying/__init__.py",
        "import traceback\ndef retry(function):\n    try:\n        function()\n    except Exception as error:\n"
        "        return ''.join(traceback.format_exception(type(error), error, error.__traceback__))\n",
    )
    project.write(
        "main.py",
        "import sys\nsys.path.insert(0, 'site-packages')\nimport guwu.capture\nguwu.capture.install()\n"
        "from retrying import retry\n"
        "def fail():\n    return 1 / 0\n"
        "if __name__ == '__main__':\n    print(retry(fail).splitlines()[-1])\n",
    )
    run = project.python("main.py")
    assert (run.status, run.out) == (0, "ZeroDivisionError: division by zero\n"), run.err
    assert not (project.root / "app" / "logs" / "guwu-failures.jsonl").exists()


def test_the_end_of_the_program_is_heard(project: Project) -> None:
    project.write("shop/run.py", SCRIPT)
    run = project.python("shop/run.py", environment={"PYTHONPATH": os.pathsep.join(map(str, sys.path))})
    assert run.out == "previous hook: ZeroDivisionError\n"
    line = Lines(project.root / "app" / "logs" / "guwu-failures.jsonl").one()
    (module, frame) = line["captured"]["frames"]
    assert (module["qualname"], module["kind"], module["arguments"]) == ("<module>", "module", [])
    assert (frame["module"], frame["qualname"], frame["kind"]) == ("__main__", "Cart.total", "method")
    # By the name under which it can be imported.
    assert frame["arguments"][0]["value"]["class"] == "shop.run:Cart"
    # Its global is not named: to import what was started is to start it again.
    assert "global" not in frame["arguments"][0]["value"]
    assert frame["arguments"][1] == {"name": "rate", "kind": "positional", "value": 0}
    assert (line["level"], line["captured"]["request"]) == ("CRITICAL", None)


def test_a_module_that_is_run_has_its_own_name(project: Project) -> None:
    project.write("shop/__init__.py", "")
    project.write("shop/run.py", SCRIPT)
    paths = os.pathsep.join(map(str, sys.path))
    project.python("-m", "shop.run", environment={"PYTHONPATH": paths, "GUWU_CAPTURE_PATH": "here.jsonl"})
    frame = Lines(project.root / "here.jsonl").frames()[-1]
    assert frame["arguments"][0]["value"]["class"] == "shop.run:Cart"


def test_roots_are_taken_from_the_environment(project: Project) -> None:
    project.write("shop/run.py", SCRIPT)
    paths = os.pathsep.join(map(str, sys.path))
    elsewhere = {"GUWU_CAPTURE_ROOTS": str(project.root / "nowhere"), "PYTHONPATH": paths}
    project.python("shop/run.py", environment=elsewhere)
    line = Lines(project.root / "app" / "logs" / "guwu-failures.jsonl").one()
    assert line["captured"]["frames"] == []
    assert [frame["in_app"] for frame in line["exceptions"][0]["frames"]] == [False, False]


def test_ends_that_are_no_failures(lines: Lines) -> None:
    for kind in (KeyboardInterrupt, SystemExit, GeneratorExit):
        error = kind()
        sys.excepthook(kind, error, None) if kind is not SystemExit else None
        logging.getLogger("test.capture").error("ended", exc_info=error)
    assert lines.all() == []


def test_everything_is_put_back(tmp_path: Path) -> None:
    before = logging.Logger.callHandlers, sys.excepthook, threading.excepthook
    capture.install(tmp_path / "a.jsonl")
    capture.install(tmp_path / "b.jsonl")
    assert logging.Logger.callHandlers is not before[0]
    capture.uninstall()
    assert (logging.Logger.callHandlers, sys.excepthook, threading.excepthook) == before
    capture.uninstall()


def test_a_hook_that_was_put_over_ours_stays(tmp_path: Path) -> None:
    before = sys.excepthook
    heard: list[Any] = []
    sys.excepthook = lambda *told: heard.append(told)
    path = tmp_path / "failures.jsonl"
    capture.install(path)
    ours = sys.excepthook
    sys.excepthook = over = lambda *told: ours(*told)
    try:
        capture.uninstall()
        assert sys.excepthook is over
        sys.excepthook(KeyError, KeyError(1), None)
        assert (len(heard), path.exists()) == (1, False)
        capture.install(path)
        sys.excepthook(KeyError, KeyError(2), None)
        assert (len(heard), len(Lines(path).all())) == (2, 1)
    finally:
        capture.uninstall()
        sys.excepthook = before


def test_nothing_is_written_from_within(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    from guwu.capture import _hooks, _write

    def logs_and_fails(*_: Any) -> None:
        logged(lambda: _fail("within"))
        raise RuntimeError("a defect")

    monkeypatch.setattr(_write, "append", logs_and_fails)
    # A defect is swallowed; so are failures that are logged meanwhile.
    monkeypatch.setattr(_hooks, "_is_foreign", lambda _: False)
    logged(_fail)
    assert capture.stats() == {"written": 0, "repeated": 0, "limited": 0, "unwritten": 0, "errors": 1}
    assert lines.all() == []


def test_what_a_signal_handler_raises_is_not_swallowed(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    from guwu.capture import _write

    def raised_by_a_signal(*_: Any) -> None:
        raise TimeoutError("task took too long")

    monkeypatch.setattr(_write, "append", raised_by_a_signal)
    with pytest.raises(RuntimeError, match="took too long"):
        try:
            logged(_fail)
        except TimeoutError as error:
            raise RuntimeError(str(error)) from None
    assert lines.all() == []


def test_tasks_nobody_waited_for_are_heard(lines: Lines) -> None:
    async def task() -> None:
        _fail("in a task")

    async def main() -> None:
        started = asyncio.ensure_future(task())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del started

    log = logging.getLogger("asyncio")
    log.propagate, log.handlers = False, [logging.NullHandler()]
    try:
        asyncio.run(main())
    finally:
        log.propagate, log.handlers = True, []
    line = lines.one()
    assert line["exceptions"][0]["message"] == "'in a task'"
    assert "never retrieved" in line["log_message"]


def test_an_event_loop_calls_its_previous_handler(lines: Lines) -> None:
    heard: list[Any] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: heard.append(context["exception"]))
        capture.asyncio()
        loop.call_soon(_fail, "in a callback")
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(main())
    assert len(heard) == 1
    assert (lines.one()["logger"], lines.one()["exceptions"][0]["message"]) == ("asyncio", "'in a callback'")


def test_a_failure_that_is_not_logged_can_be_recorded(lines: Lines) -> None:
    try:
        _fail("quiet")
    except KeyError as error:
        capture.record(error)
        capture.record(error)
    assert lines.one()["exceptions"][0]["message"] == "'quiet'"


def test_lines_are_json_without_surrogates(lines: Lines) -> None:
    logged(lambda: _fail("\ud800 \u2028 é"))
    raw = lines.path.read_bytes()
    assert raw.count(b"\n") == 1
    json.loads(raw.decode("utf-8"))


@pytest.mark.parametrize("collects", [True, False])
def test_the_collector_pauses_while_a_failure_is_written(collects: bool, lines: Lines) -> None:
    seen: list[bool] = []

    def clock() -> float:
        seen.append(gc.isenabled())
        return 0.0

    capture.install(lines.path, roots=Path(__file__).parent, clock=clock)
    before = gc.isenabled()
    (gc.enable if collects else gc.disable)()
    try:
        logged(lambda: _fail(1))
        assert gc.isenabled() is collects
    finally:
        (gc.enable if before else gc.disable)()
    assert lines.one()
    assert set(seen) == {False}


def test_what_writing_a_failure_makes_needs_no_collector(lines: Lines) -> None:
    cart = {"lines": [{"price": 1, "tags": ["a"]} for _ in range(20)], "password": "hunter2"}
    logged(lambda: _fail(cart))
    gc.collect()
    gc.disable()
    try:
        capture.record(KeyError(cart))
        assert gc.collect() < 10
    finally:
        gc.enable()
    assert len(lines.all()) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_process_that_is_forked_meanwhile_goes_on_collecting(project: Project) -> None:
    project.write(
        "forks.py",
        """\
import gc, os, threading
import guwu.capture
inside, go_on = threading.Event(), threading.Event()
def clock():
    inside.set()
    go_on.wait(60)
    return 0.0
guwu.capture.install(clock=clock)
def fail():
    try:
        1 / 0
    except ZeroDivisionError as error:
        guwu.capture.record(error)
thread = threading.Thread(target=fail)
thread.start()
inside.wait(60)
child = os.fork()
if child == 0:
    os._exit(7 if gc.isenabled() else 8)
print(gc.isenabled(), os.waitpid(child, 0)[1] >> 8)
go_on.set()
thread.join()
print(gc.isenabled())
""",
    )
    run = project.python("forks.py")
    assert run.out == "False 7\nTrue\n"
