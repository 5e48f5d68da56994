"""What is told of the application's own frames: names, kinds, arguments, and what is the application's own."""

from __future__ import annotations

import asyncio
import functools
import gc
import sys
import weakref
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from capture_support import Lines, logged
from guwu.capture import _frames, _reflect
from guwu.capture._inapp import Project


def fail() -> Any:
    raise KeyError("x")


def _wrapped(function: Any) -> Any:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


class Base:
    """Everything a class can hold."""

    def __init__(self, fails: bool = False) -> None:
        self.state = [1]
        if fails:
            fail()

    def method(self, a: int) -> Any:
        """Fail."""
        return fail() or a

    def __mangled(self) -> Any:
        return fail()

    def mangled(self) -> Any:
        """Fail through a name that is mangled."""
        return self.__mangled()

    @classmethod
    def of_class(cls, a: int) -> Any:
        """Fail."""
        return fail() or a

    @staticmethod
    def static(a: int) -> Any:
        """Fail."""
        return fail() or a

    @property
    def prop(self) -> Any:
        """Fail."""
        return fail()

    @functools.cached_property
    def cached(self) -> Any:
        """Fail."""
        return fail()

    @_wrapped
    def decorated(self, a: int) -> Any:
        """Fail."""
        return fail() or a

    def generates(self) -> Iterator[Any]:
        """Fail."""
        yield fail()

    async def awaits(self) -> Any:
        """Fail."""
        return fail()

    async def agenerates(self) -> AsyncIterator[Any]:
        """Fail."""
        yield fail()

    class Inner:
        """A class in a class."""

        def method(self) -> Any:
            """Fail."""
            return fail()


class Derived(Base):
    """Inherits what fails."""


async def _all(values: Any) -> None:
    async for _ in values:
        pass


CALLS: dict[str, tuple[Any, str, str]] = {
    "method": (lambda: Base().method(1), "Base.method", "method"),
    "inherited": (lambda: Derived().method(1), "Base.method", "method"),
    "mangled": (lambda: Base().mangled(), "Base.__mangled", "method"),
    "classmethod": (lambda: Derived.of_class(1), "Base.of_class", "classmethod"),
    "static": (lambda: Base.static(1), "Base.static", "function"),
    "property": (lambda: Base().prop, "Base.prop", "method"),
    "cached": (lambda: Base().cached, "Base.cached", "method"),
    "decorated": (lambda: Base().decorated(1), "Base.decorated", "method"),
    "constructor": (lambda: Base(fails=True), "Base.__init__", "constructor"),
    "generator": (lambda: list(Base().generates()), "Base.generates", "generator"),
    "coroutine": (lambda: asyncio.run(Base().awaits()), "Base.awaits", "coroutine"),
    "async generator": (lambda: asyncio.run(_all(Base().agenerates())), "Base.agenerates", "async_generator"),
    "inner class": (lambda: Base.Inner().method(), "Base.Inner.method", "method"),
}


@pytest.mark.parametrize(("call", "qualname", "kind"), CALLS.values(), ids=CALLS.keys())
def test_names_and_kinds(call: Any, qualname: str, kind: str, lines: Lines) -> None:
    logged(call)
    inner = lines.frames()[-2]
    assert (inner["qualname"], inner["kind"], inner["module"]) == (qualname, kind, __name__)
    assert lines.frames()[-1]["qualname"] == "fail"
    named = lines.one()["exceptions"][inner["exception"]]["frames"][inner["frame"]]
    assert named["function"] == qualname.rpartition(".")[2]
    assert named["in_app"]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="code objects do not know their names")
@pytest.mark.parametrize(("call", "qualname"), [case[:2] for case in CALLS.values()], ids=CALLS.keys())
def test_names_are_found_as_before_3_11(call: Any, qualname: str) -> None:
    try:
        call()
    except KeyError as error:
        traceback: Any = error.__traceback__
        found = []
        while traceback is not None:
            code = traceback.tb_frame.f_code
            held = _frames.variables(traceback.tb_frame)
            first = held.get(code.co_varnames[0], _reflect.MISSING) if code.co_argcount else None
            if code.co_filename == __file__ and code.co_flags & 2:
                found.append((_frames.find_qualname(code, first, traceback.tb_frame.f_globals), code.co_qualname))
            traceback = traceback.tb_next
        # The lambda that makes the call is in a dict, where nobody finds it.
        for named, expected in found:
            assert named == expected or (named is None and "<lambda>" in expected)
        assert found[-2][0] == qualname


def test_local_functions_are_named(lines: Lines) -> None:
    def local(a: int) -> Any:
        return [fail() for _ in range(a)]

    logged(lambda: local(1))
    frames = {frame["qualname"]: frame for frame in lines.frames()}
    frame = frames["test_local_functions_are_named.<locals>.local"]
    assert frame["kind"] == "function"


def test_every_kind_of_parameter(lines: Lines) -> None:
    outside = [5]

    def fails(a: int, /, b: Any, c: int = 3, *rest: int, d: int, e: int = 7, **more: int) -> None:  # noqa: ARG001
        b = "rebound"  # noqa: F841
        del a
        raise KeyError(outside)

    logged(lambda: fails(1, 2, 3, 4, d=6, f=8))
    (frame,) = [frame for frame in lines.frames() if frame["qualname"].endswith(".fails")]
    told = [(each["name"], each["kind"]) for each in frame["arguments"]]
    assert told == [
        ("a", "positional_only"),
        ("b", "positional"),
        ("c", "positional"),
        ("rest", "var_positional"),
        ("d", "keyword"),
        ("e", "keyword"),
        ("more", "var_keyword"),
        ("outside", "free"),
    ]
    values = {each["name"]: each["value"] for each in frame["arguments"]}
    assert (values["a"], values["b"]) == (1, 2)
    assert values["rest"]["v"] == [4]
    assert values["more"]["v"] == [["f", 8]]


STATE = {"limits": [1, 2]}
CURRENT = Base()
ADD = lambda a: a  # noqa: E731


def test_what_a_module_holds_is_named(lines: Lines) -> None:
    def fails(*arguments: Any) -> None:  # noqa: ARG001
        raise KeyError

    logged(lambda: fails(STATE, CURRENT, ADD, Base()))
    state, current, add, other = lines.arguments("fails")["arguments"]["v"]
    assert state["global"] == f"{__name__}:STATE"
    assert current["global"] == f"{__name__}:CURRENT"
    assert (add["t"], add["v"]) == ("global", f"{__name__}:ADD")
    assert "global" not in other


def _outer(argument: list[int]) -> None:
    try:
        fail()
    except KeyError:
        logged_here = argument
        _log(logged_here)


def _log(_: Any) -> None:
    import logging

    log = logging.getLogger("test.outer")
    log.propagate, log.handlers = False, [logging.NullHandler()]
    log.exception("failed")


def _caller(reason: str) -> None:
    _outer([len(reason)])


def test_callers_of_the_frame_that_caught_it_are_told(lines: Lines) -> None:
    _caller("abc")
    captured = lines.one()["captured"]
    assert [frame["qualname"] for frame in captured["frames"]] == ["_outer", "fail"]
    nearest = captured["outer"][0]
    assert (nearest["qualname"], nearest["arguments"][0]["value"]) == ("_caller", "abc")
    assert (Path(nearest["file"]).name, nearest["line"] > 0) == (Path(__file__).name, True)
    assert len(captured["outer"]) <= 10


def test_frames_and_values_are_not_kept(lines: Lines) -> None:
    class Big:
        pass

    def fails(big: Big) -> None:
        try:
            raise KeyError(id(big))
        except KeyError:
            _log(None)

    def holds() -> bool:
        big = Big()
        fails(big)
        reference = weakref.ref(big)
        # The caller's variables were looked at while it runs; what it deletes is gone nevertheless.
        del big
        gc.collect()
        return reference() is not None

    assert not holds()
    assert len(lines.all()) == 1


def test_locals_that_a_function_asked_for_are_its_own(lines: Lines) -> None:
    def fails() -> Any:
        a, b = 1, 2
        names = locals()
        try:
            raise KeyError(a, b)
        except KeyError:
            _log(None)
        return names

    assert fails()["a"] == 1
    assert len(lines.all()) == 1


# --- what is the application's own


def _project(tmp_path: Path, *roots: str) -> Project:
    return Project([str(tmp_path / root) for root in roots])


def test_own_files(tmp_path: Path) -> None:
    project = _project(tmp_path, ".")
    assert project.has(str(tmp_path / "app" / "cart.py"))
    assert project.has(str(tmp_path / "lib" / "python3" / "own.py"))
    assert not project.has(str(tmp_path.parent / "other.py"))
    assert not project.has(str(tmp_path / "env" / "lib" / "site-packages" / "flask" / "app.py"))
    assert not project.has(str(tmp_path / ".venv" / "x.py"))
    assert not project.has("<string>")
    assert not project.has("<frozen importlib._bootstrap>")
    assert not project.has(asyncio.__file__)
    assert not project.has(str(Path(_frames.__file__)))
    # The standard library is not the application's, even below a root.
    assert not Project(["/"]).has(asyncio.__file__)


def test_a_virtual_environment_is_told_by_its_marker(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "pyvenv.cfg").write_text("")
    assert not _project(tmp_path, ".").has(str(tmp_path / "mine" / "lib" / "x.py"))


def test_a_root_may_be_any_folder(tmp_path: Path) -> None:
    packages = tmp_path / ".venv" / "lib" / "site-packages"
    project = _project(tmp_path, ".", ".venv/lib/site-packages")
    assert project.has(str(packages / "flask" / "app.py"))
    assert not project.has(str(packages / "x" / "node_modules" / "y.py"))


def test_names_of_modules(tmp_path: Path) -> None:
    project = _project(tmp_path, ".")
    assert project.module_name(str(tmp_path / "pkg" / "mod.py")) == "pkg.mod"
    assert project.module_name(str(tmp_path / "pkg" / "__init__.py")) == "pkg"
    assert project.module_name(str(tmp_path / "src" / "pkg" / "mod.py")) == "pkg.mod"
    assert project.module_name(str(tmp_path / "not-a-name.py")) is None
    assert project.module_name("elsewhere.py") is None
