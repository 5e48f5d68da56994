"""Which files and modules are the application's own, and what its modules are called.

A file is the application's when it lies below one of the roots and, seen from there, not in a virtual environment,
in ``site-packages`` or in the standard library. It deliberately reads no file.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Sequence
from typing import Any, Optional

from guwu.capture import _reflect

_FOREIGN = frozenset(
    {"site-packages", "dist-packages", "node_modules", "__pypackages__", ".venv", "venv", ".tox", ".nox"}
)

#: Folders remembered at most.
_REMEMBERED = 4096


def _stdlib() -> tuple[str, ...]:
    found = []
    for name in ("stdlib", "platstdlib"):
        path = sysconfig.get_paths().get(name)
        if path:
            found += [os.path.normcase(os.path.abspath(path)), os.path.normcase(os.path.realpath(path))]
    return tuple(dict.fromkeys(path + os.sep for path in found))


class Project:
    """The folders that hold the application's code."""

    def __init__(self, roots: Sequence[str]) -> None:
        # The longest first: a root within another one is looked at from there.
        spelled = dict.fromkeys(path for root in roots for path in (os.path.abspath(root), os.path.realpath(root)))
        self.roots = sorted((_folder(path) for path in spelled), key=len, reverse=True)
        self._stdlib = _stdlib()
        self._own = _folder(os.path.dirname(os.path.abspath(__file__)))
        self._known: dict[str, bool] = {}
        self._environments: dict[str, bool] = {}
        # File names of code objects may be relative to where the program was started.
        self._start = os.path.abspath(os.curdir)
        #: Names of the application's modules, as of a number of modules.
        self._modules: tuple[int, list[str]] = (0, [])

    def has(self, file: str) -> bool:
        """Tell whether a file is the application's own."""
        known = self._known.get(file)
        if known is None:
            known = self._decide(file)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[file] = known
        return known

    def _decide(self, file: str) -> bool:
        if not file or file.startswith("<"):
            return False
        path = self._full(file)
        root = self._root(path)
        if root is None or path.startswith(self._own):
            return False
        if any(path.startswith(library) and not root.startswith(library) for library in self._stdlib):
            return False
        folders = path[len(root) :].split(os.sep)[:-1]
        if any(folder in _FOREIGN for folder in folders):
            return False
        at = root
        for folder in folders:
            at = f"{at}{folder}{os.sep}"
            if self._is_environment(at):
                return False
        return True

    def _is_environment(self, folder: str) -> bool:
        known = self._environments.get(folder)
        if known is None:
            known = os.path.isfile(folder + "pyvenv.cfg")
            if len(self._environments) >= _REMEMBERED:
                self._environments.clear()
            self._environments[folder] = known
        return known

    def _full(self, file: str) -> str:
        return os.path.normcase(os.path.normpath(os.path.join(self._start, file)))

    def _root(self, path: str) -> Optional[str]:
        return next((root for root in self.roots if path.startswith(root)), None)

    def module_name(self, file: str) -> Optional[str]:
        """Return the name by which a file below a root is imported."""
        path = os.path.normpath(os.path.join(self._start, file))
        root = self._root(os.path.normcase(path))
        if root is None or not path.endswith(".py"):
            return None
        parts = path[len(root) : -3].split(os.sep)
        if parts[0] == "src" and len(parts) > 1:
            parts = parts[1:]
        if parts[-1] in ("__init__", "__main__") and len(parts) > 1 and parts[-1] == "__init__":
            parts.pop()
        return ".".join(parts) if all(part.isidentifier() for part in parts) else None

    def main_name(self) -> str:
        """Return what ``__main__`` is imported as elsewhere."""
        names = _reflect.module_namespace("__main__") or {}
        spec = names.get("__spec__")
        name = getattr(spec, "name", None) if type(spec).__module__ == "_frozen_importlib" else None
        file = names.get("__file__")
        return _reflect.text(name) or (type(file) is str and self.module_name(file)) or "__main__"

    def modules(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the application's imported modules and their globals, ``__main__`` last."""
        if self._modules[0] != len(sys.modules):
            names = list(sys.modules)
            own = [name for name in names if type(name) is str and self._is_own(name)]
            own.sort(key=lambda name: name == "__main__")
            self._modules = (len(names), own)
        found = [(name, _reflect.module_namespace(name)) for name in self._modules[1]]
        return [(name, names) for name, names in found if names is not None]

    def _is_own(self, module: str) -> bool:
        file = (_reflect.module_namespace(module) or {}).get("__file__")
        return type(file) is str and self.has(file)


def _folder(path: str) -> str:
    return os.path.normcase(path).rstrip(os.sep) + os.sep
