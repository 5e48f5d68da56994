"""Finds the global names of objects: which module of the application holds this very object, and as what.

One pass over the globals of the application's modules, when a failure is written and not before. It deliberately looks
at identities only.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable, Container

from guwu.capture import _reflect
from guwu.capture._inapp import Project

#: Globals looked at, names kept for one object.
_NAMES, _CANDIDATES = 100_000, 5


def names_of(
    wanted: Container[int], apps: Container[int], project: Project, late: Callable[[], bool]
) -> dict[int, str]:
    """Return ``module:name`` for each of these identities that a module of the application holds.

    What only the started module holds has no name, but for applications.
    """
    found: dict[int, list[tuple[str, str]]] = {}
    left = _NAMES
    for module, names in project.modules():
        left -= len(names)
        if left < 0 or late():
            break
        for name, value in list(names.items()):
            if id(value) in wanted and type(name) is str and not name.startswith("__"):
                candidates = found.setdefault(id(value), [])
                if len(candidates) < _CANDIDATES:
                    candidates.append((module, name))
    main = project.main_name()
    named: dict[int, str] = {}
    for identity, several in found.items():
        if identity not in apps:
            # To import what was started is to start it again.
            several = [(module, name) for module, name in several if module != "__main__"]
        if several:
            best = _best([(main if module == "__main__" else module, name) for module, name in several])
            named[identity] = "{}:{}".format(*best)
    return named


def _best(candidates: list[tuple[str, str]]) -> tuple[str, str]:
    """Return the module that made it, not one that imported it from there."""
    if len(candidates) > 1:
        for module, name in candidates:
            if _assigns(module, name):
                return module, name
    return candidates[0]


def _assigns(module: str, name: str) -> bool:
    file = (_reflect.module_namespace(module) or {}).get("__file__")
    if type(file) is not str:
        return False
    assigned = re.compile(rf"{re.escape(name)}\s*(?::[^=]+)?=[^=]")
    return any(assigned.match(line) for line in linecache.getlines(file)[:5_000])
