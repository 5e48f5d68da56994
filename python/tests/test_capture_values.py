"""Every kind of value that is written can be made again from what was written."""

from __future__ import annotations

import array
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import io
import ipaddress
import logging
import math
import operator
import pathlib
import re
import threading
import time
import types
import uuid
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest

from capture_support import encode, rebuild


class Colour(enum.Enum):
    """Members are found by name."""

    RED = "red"


class Access(enum.Flag):
    """Combinations have no name of their own."""

    READ = 1
    WRITE = 2


Point = collections.namedtuple("Point", "x y")


class Named(NamedTuple):
    """Another way to write one."""

    left: int
    right: Any = None


@dataclasses.dataclass
class Line:
    """A dataclass."""

    item: str
    price: decimal.Decimal = decimal.Decimal(1)


@dataclasses.dataclass(frozen=True)
class Frozen:
    """A dataclass that does not let attributes be set."""

    value: int


class Slotted:
    """Slots, one of them with a name that is mangled, one empty."""

    __slots__ = ("__hidden", "plain", "unset")

    def __init__(self) -> None:
        self.__hidden = 1
        self.plain = [2]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Slotted) and (self.__hidden, self.plain) == (other.__hidden, other.plain)

    __hash__ = None  # type: ignore[assignment]


class Both(Slotted):
    """Slots below, a dict above."""

    def __init__(self) -> None:
        super().__init__()
        self.more = {"a": 1}

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) and isinstance(other, Both) and self.more == other.more

    __hash__ = None

    def method(self) -> int:
        """Return something."""
        return 1


class Text(str):
    """A text with an attribute."""


class Whole(int):
    """A number."""


class Table(dict):  # type: ignore[type-arg]
    """A dict with an attribute."""


class Row(list):  # type: ignore[type-arg]
    """A list with an attribute."""


class Failed(Exception):
    """An exception with an attribute."""

    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}")
        self.code = code


def function() -> None:
    """Do nothing."""


def _attributed(value: Any, **attributes: Any) -> Any:
    value.__dict__.update(attributes)
    return value


VALUES: list[Any] = [
    None, True, False, 0, -1, 2**53, -(2**53), 2**53 + 1, -(2**70), 0.0, -0.0, 1.5, 1e300, math.inf, -math.inf,
    "", "text", "ünïcode \U0001f600", "\x00\x1f\n\"\\", "\ud800 lone", b"", b"\x00\xff", bytearray(b"ab"),
    [], [1, [2]], (), (1,), (1, (2, [3])), {1, 2}, frozenset({"a"}), {}, {"a": 1, 2: "b", (1, 2): None, None: []},
    1 + 2j, range(1, 10, 2), slice(1, None, 2), ..., NotImplemented, memoryview(b"abc"),
    decimal.Decimal("1.10"), decimal.Decimal("-Infinity"),
    fractions.Fraction(1, 3), uuid.UUID(int=5), pathlib.PurePosixPath("/a/b"), pathlib.PureWindowsPath("c:\\a"),
    pathlib.Path("here"), datetime.date(2024, 2, 29), datetime.timedelta(days=-1, seconds=5),
    datetime.datetime(2024, 1, 2, 3, 4, 5, 6), datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc, fold=1),
    datetime.time(1, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=5), "X")),
    ipaddress.ip_address("127.0.0.1"), ipaddress.ip_network("::/64"), re.compile("a+", re.IGNORECASE), re.compile(b"x"),
    collections.OrderedDict([("b", 1), ("a", 2)]), collections.Counter("aab"), collections.deque([1, 2], maxlen=3),
    collections.ChainMap({"a": 1}, {"b": 2}), types.MappingProxyType({"a": 1}), types.SimpleNamespace(a=1, b=[2]),
    Colour.RED, Access.READ, Access.READ | Access.WRITE, Point(1, [2]), Named(1), Line("x"), Frozen(3), Slotted(),
    Both(), function, Line, Slotted.__eq__, len, str.upper, dict.fromkeys, math.floor, logging, math, int,
    operator.itemgetter, datetime.timezone.utc, array.array("i", [1, 2]), time.gmtime(5),
]  # fmt: skip


def _named(value: Any) -> str:
    """Return an id that is the same in every process: no address in it."""
    return f"{type(value).__name__}-{str(value).split(' at 0x')[0][:20]!r}"


@pytest.mark.parametrize("value", VALUES, ids=_named)
def test_a_value_is_made_again(value: Any) -> None:
    made = rebuild(encode(value))
    assert type(made) is type(value)
    assert made == value
    # 0.0 and -0.0 are equal, and so are 1 and True within containers.
    assert " at 0x" in repr(value) or repr(made) == repr(value)


def test_nan_stays_nan() -> None:
    assert math.isnan(rebuild(encode(math.nan)))


def test_subclasses_of_builtins_keep_content_and_attributes() -> None:
    for value in (
        _attributed(Text("abc"), note=1),
        _attributed(Whole(7), note=2),
        _attributed(Table(a=1), note=3),
        _attributed(Row([1, 2]), note=4),
    ):
        made = rebuild(encode(value))
        assert (type(made), made, made.__dict__) == (type(value), value, value.__dict__)


def test_exceptions_keep_arguments_and_attributes() -> None:
    made = rebuild(encode(Failed(3)))
    assert (type(made), made.args, made.code) == (Failed, ("code 3",), 3)
    assert rebuild(encode(KeyError("x"))).args == ("x",)
    assert rebuild(encode(OSError(2, "gone"))).args == (2, "gone")


def test_shared_references_and_cycles_are_kept() -> None:
    shared: list[Any] = [1]
    cyclic: dict[str, Any] = {"shared": shared, "again": shared, "tuple": (shared,)}
    cyclic["self"] = cyclic
    made = rebuild(encode(cyclic))
    assert made["shared"] is made["again"] is made["tuple"][0]
    assert made["self"] is made


def test_what_two_arguments_share_is_shared() -> None:
    from capture_support import encoder

    both = encoder()
    shared = Both()
    first, second = both.root([shared]), both.root((shared,))
    both.run()
    assert second["v"][0] == {"t": "ref", "id": first["v"][0]["id"]}


def test_a_defaultdict_keeps_its_factory() -> None:
    made = rebuild(encode(collections.defaultdict(list, {"a": [1]})))
    assert made["a"] == [1]
    assert made["new"] == []


def test_partials_and_methods_can_be_called() -> None:
    assert rebuild(encode(functools.partial(int, base=2)))("101") == 5
    assert rebuild(encode(Both().method))() == 1
    made = rebuild(encode([1, 2].append))
    made(3)
    assert made.__self__ == [1, 2, 3]


def test_views_and_getters_work() -> None:
    made = rebuild(encode({"a": [1]}.items()))
    assert list(made) == [("a", [1])]
    assert list(rebuild(encode({"a": 1}.keys()))) == ["a"]
    assert rebuild(encode(operator.itemgetter("a", 1)))({"a": 1, 1: 2}) == (1, 2)
    assert rebuild(encode(operator.attrgetter("real")))(5) == 5
    assert rebuild(encode(operator.methodcaller("upper")))("a") == "A"


def test_buffers_keep_content_and_position() -> None:
    text, raw = io.StringIO("abcdef"), io.BytesIO(b"abcdef")
    text.read(2), raw.read(3)
    assert rebuild(encode(text)).read() == "cdef"
    assert rebuild(encode(raw)).read() == b"def"
    assert (text.tell(), raw.tell()) == (2, 3)
    raw.close()
    assert encode(raw)["t"] == "opaque"


def test_locks_and_loggers_are_made_anew() -> None:
    lock = rebuild(encode(threading.Lock()))
    assert lock.acquire(blocking=False)
    assert type(rebuild(encode(threading.RLock()))) is type(threading.RLock())
    assert rebuild(encode(logging.getLogger("a.b"))) is logging.getLogger("a.b")


def test_zones_are_named() -> None:
    zoneinfo = pytest.importorskip("zoneinfo")
    try:
        zone = zoneinfo.ZoneInfo("Europe/Berlin")
    except zoneinfo.ZoneInfoNotFoundError:
        pytest.skip("no time zones on this machine")
    assert rebuild(encode(datetime.datetime(2024, 1, 1, tzinfo=zone))).tzinfo is zone


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ((each for each in "ab"), "generator"),
        (iter([1]), "generator"),
        (map(str, ()), "generator"),
        (lambda: None, "local"),
        (threading.Thread(), "native"),
        (threading.local(), "native"),
        (open(__file__, encoding="utf-8"), "stream"),  # noqa: SIM115, PTH123
    ],
    ids=_named,
)
def test_what_is_not_looked_into_is_told(value: Any, why: str) -> None:
    node = encode(value)
    assert (node["t"], node["why"]) == ("opaque", why)


def test_local_classes_are_told_as_such() -> None:
    class Local:
        def __init__(self) -> None:
            self.a = 1

    node = encode(Local())
    assert node["class"].endswith("test_local_classes_are_told_as_such.<locals>.Local")
    assert (node["local"], node["attrs"]) == (True, [["a", 1]])
    assert encode(Local)["why"] == "local"


class _Response:
    def __init__(self, url: str, status: int = 200, body: bytes = b"", *, flags: Any = None) -> None:
        self.url, self.status, self.body, self.flags = url, status, body, flags


class _TextResponse(_Response):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.encoding = kwargs.pop("encoding", None)
        super().__init__(*args, **kwargs)


class _Found(_TextResponse):
    def __init__(self, url: str, where: str, **kwargs: Any) -> None:
        super().__init__(url=url, status=302, **kwargs)
        self.where = where


def test_what_a_constructor_passes_on_are_its_parameters() -> None:
    passed_on = [["status", "positional", False], ["body", "positional", False], ["flags", "keyword", False]]
    assert encode(_TextResponse("x"))["init"] == [["url", "positional", True], *passed_on]
    # What it gives itself is no parameter.
    own = [["url", "positional", True], ["where", "positional", True]]
    assert encode(_Found("x", "y"))["init"] == own + passed_on[1:]


def test_parameters_of_init_are_told() -> None:
    assert encode(Line("x"))["init"] == [["item", "positional", True], ["price", "positional", False]]
    assert encode(Failed(1))["init"] == [["code", "positional", True]]
    assert encode(KeyError(1))["init"] is None

    class Many:
        def __init__(self, a: int, *rest: int, b: int, c: int = 1, **more: int) -> None:
            pass

    class Plain:
        pass

    assert encode(Many(1, b=2))["init"] == [
        ["a", "positional", True],
        ["rest", "var_positional", False],
        ["b", "keyword", True],
        ["c", "keyword", False],
        ["more", "var_keyword", False],
    ]
    assert encode(Plain())["init"] == []


def test_kinds_of_objects() -> None:
    assert encode(Line("x"))["kind"] == "dataclass"
    assert encode(Slotted())["kind"] == "plain"
    assert encode(Failed(1))["kind"] == "exception"


def test_elements_of_xml_are_made_again() -> None:
    root = ElementTree.Element("{urn:shop}order", id="7")
    line = ElementTree.SubElement(root, "line", sku="a", api_key="hunter2!")
    line.text, line.tail = "tea & ☕", " tail "
    ElementTree.SubElement(root, "password").text = "hunter2!"
    ElementTree.SubElement(root, "{urn:shop}total")
    node = encode(root)
    assert "hunter2" not in repr(node)
    made = rebuild(node)
    assert (made.tag, made.attrib) == (root.tag, root.attrib)
    assert [(e.tag, e.tail) for e in made.iter()] == [(e.tag, e.tail) for e in root.iter()]
    assert made.find("line").text == "tea & ☕"
    assert len(made.find("password").text) == len(made.find("line").get("api_key")) == len("hunter2!")
    # What is in it comes along, what it is in does not.
    assert rebuild(encode(root[0])).get("sku") == "a"
    # The tree around an element is an object like any other.
    assert rebuild(encode(ElementTree.ElementTree(root))).getroot().tag == root.tag


def test_elements_that_say_little_or_hold_no_texts_are_not_looked_into() -> None:
    class Loud:
        def __contains__(self, _: object) -> bool:
            raise AssertionError("it was asked")

    class Own(ElementTree.Element):
        pass

    loud = ElementTree.Element("a")
    loud.text = Loud()  # type: ignore[assignment]
    large = ElementTree.Element("a")
    large.extend([ElementTree.Element("b") for _ in range(1_000)])
    within = ElementTree.Element("a")
    within.append(Own("b"))
    for element in (loud, large, within):
        assert encode(element)["t"] == "opaque"
