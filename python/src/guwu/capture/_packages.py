"""Small values of numpy and pandas, time zones of pytz, dateutil and pydantic, by the call that makes them.

Only exactly their own classes are read, by their own methods; what is large is a note of its shape. It deliberately
imports none of them.
"""

from __future__ import annotations

from typing import Any, Callable, Optional

from guwu.capture import _reflect
from guwu.capture._known import Write, call, name

#: Columns of a table.
_COLUMNS = 20


def _write_array(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    kind = value.dtype.kind
    if value.size > encoder.breadth or (kind not in "biufcSUMm" and (kind != "O" or value.ndim != 1)):
        node = encoder.opaque(type(value), "limit")
        node["shape"], node["dtype"] = [int(size) for size in value.shape], str(value.dtype.str)
        return node
    content = value.astype("int64").tolist() if kind in "Mm" else value.tolist()
    node = encoder.known_as(value, call("numpy:array"))
    node["args"] = [encoder.node(content, depth, secret)]
    node["kwargs"] = [["dtype", value.dtype.str]]
    return node


def _write_scalar(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    kind = value.dtype.kind
    if kind in "Mm":
        unit = value.dtype.str.partition("[")[2].rstrip("]")
        return call(f"numpy:{type(value).__name__}", [int(value.astype("int64")), unit])
    if kind not in "biufcSU":
        return encoder.opaque(type(value), "native")
    return call(f"numpy:{type(value).__name__}", [encoder.node(value.item(), depth, secret)])


def _write_frame(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    rows, columns = value.shape
    if (
        rows * columns > encoder.breadth
        or columns > _COLUMNS
        or not value.columns.is_unique
        or _are_foreign(value.dtypes)
    ):
        node = encoder.opaque(type(value), "limit")
        node["shape"] = [rows, columns]
        return node
    node = encoder.known_as(value, call("pandas:DataFrame"))
    content = {column: value[column].tolist() for column in value.columns.tolist()}
    node["args"] = [encoder.node(content, depth, secret)]
    return _with_index(encoder, node, value, depth)


def _write_series(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    if value.size > encoder.breadth or _are_foreign([value.dtype]):
        node = encoder.opaque(type(value), "limit")
        node["shape"] = [value.size]
        return node
    node = encoder.known_as(value, call("pandas:Series"))
    node["args"] = [encoder.node(value.tolist(), depth, secret)]
    node = _with_index(encoder, node, value, depth)
    for key, held in (("dtype", str(value.dtype)), ("name", value.name)):
        node["kwargs"].append([key, encoder.node(held, depth)])
    return node


def _write_index(encoder: Any, value: Any, depth: int, secret: int) -> Any:
    if value.size > encoder.breadth or _are_foreign([value.dtype]):
        node = encoder.opaque(type(value), "limit")
        node["shape"] = [value.size]
        return node
    node = encoder.known_as(value, call("pandas:Index"))
    node["args"] = [encoder.node(value.tolist(), depth, secret)]
    node["kwargs"] = [["name", encoder.node(value.name, depth)]]
    return node


def _with_index(encoder: Any, node: dict[str, Any], value: Any, depth: int) -> dict[str, Any]:
    if type(value.index).__name__ != "RangeIndex":
        node["kwargs"].append(["index", encoder.node(value.index.tolist(), depth)])
    return node


def _are_foreign(kinds: Any) -> bool:
    """Tell whether a column is of a type that neither numpy nor pandas made."""
    return any(type(kind).__module__.partition(".")[0] not in ("numpy", "pandas") for kind in kinds)


def _write_moment(encoder: Any, value: Any, depth: int, _: int) -> Any:
    return call(f"pandas:{type(value).__name__}", [encoder.node(value.isoformat(), depth)])


def _write_missing(_: Any, __: Any, ___: int, ____: int) -> Any:
    return name("pandas:NaT")


def _write_offset(encoder: Any, value: Any, depth: int, _: int) -> Any:
    """The zone of the times that pydantic reads, by the one of the standard library with the same offset."""
    offset = value.utcoffset(None)
    return call("datetime:timezone", [encoder.node(offset, depth + 1)]) if offset else name("datetime:timezone.utc")


_PANDAS: dict[str, Write] = {
    "DataFrame": _write_frame,
    "Series": _write_series,
    "Index": _write_index,
    "DatetimeIndex": _write_index,
    "Timestamp": _write_moment,
    "Timedelta": _write_moment,
    "NaTType": _write_missing,
}


def _write_pytz(encoder: Any, value: Any, depth: int, _: int) -> Any:
    """A zone of pytz is one offset of it, except where it is UTC."""
    held = _reflect.instance_dict(value) or {}
    offset, short = held.get("_utcoffset"), held.get("_tzname")
    if offset is None:
        return name("pytz:UTC") if _reflect.resolve("pytz", "UTC") is value else encoder.opaque(type(value), "native")
    return call("datetime:timezone", [encoder.node(part, depth + 1) for part in (offset, short)])


def _write_dateutil(encoder: Any, value: Any, depth: int, _: int) -> Any:
    known = (_reflect.instance_dict(value) or {}).get("_filename")
    return call("dateutil.tz:gettz", [encoder.node(known, depth)])


def _write_dateutil_made(_: Any, value: Any, __: int, ___: int) -> Any:
    return call(f"dateutil.tz:{type(value).__name__}")


_DATEUTIL: dict[str, Write] = {
    "tzfile": _write_dateutil,
    "tzutc": _write_dateutil_made,
    "tzlocal": _write_dateutil_made,
}


def writer(real: str, bases: list[str]) -> Optional[Callable[[Any, Any, int, int], Any]]:
    """Return the writer of a class of a package, by its name and those of its bases; it is that very class."""
    if real == "pydantic_core._pydantic_core:TzInfo":
        return _write_offset
    module, _, dotted = real.partition(":")
    root = module.partition(".")[0]
    if root == "numpy":
        if real == "numpy:ndarray":
            return _write_array
        return _write_scalar if "numpy:generic" in bases else None
    if root == "dateutil":
        return _DATEUTIL.get(dotted)
    return _PANDAS.get(dotted) if root == "pandas" else None


def zone_writer(bases: list[str]) -> Optional[Write]:
    """Return the writer of a class of pytz, which makes one for each zone."""
    return _write_pytz if any(base in ("pytz.tzinfo:BaseTzInfo", "pytz:UTC") for base in bases) else None
