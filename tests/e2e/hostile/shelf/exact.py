"""Whether two values are the same to the last bit: classes, order, identity within, signs of zero, kinds of nan."""

from decimal import Decimal
from typing import Any


def same(left: Any, right: Any, seen: "dict[int, int] | None" = None) -> bool:
    """Compare by structure; what is shared or holds itself on one side must do so on the other."""
    seen = {} if seen is None else seen
    if type(left) is not type(right):
        return False
    if isinstance(left, (list, dict, set, bytearray)):
        if id(left) in seen:
            return seen[id(left)] == id(right)
        seen[id(left)] = id(right)
    if isinstance(left, dict):
        if len(left) != len(right):
            return False
        pairs = list(zip(left.items(), right.items()))
        return all(same(a, b, seen) and same(v, w, seen) for (a, v), (b, w) in pairs)
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(same(a, b, seen) for a, b in zip(left, right))
    if isinstance(left, (float, complex, Decimal)):
        return repr(left) == repr(right)
    return bool(left == right)
