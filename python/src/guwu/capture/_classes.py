"""What is known of a class before one of its instances is read: its name, of what kind it is, and how it is written.

Asked once per class and failure. It deliberately looks at classes only, never at an instance.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Optional

from guwu.capture import _known, _lazy, _markup, _models, _packages, _reflect, _results
from guwu.capture._inapp import Project

#: Builtin classes whose content is written below an instance of a subclass.
_BASES = (dict, list, tuple, set, frozenset, str, int, float, bytes, bytearray)
#: Classes of the standard library that are dicts, in C or by what they are used for.
_DICTS = frozenset({"collections:OrderedDict", "collections:defaultdict"})

_VARARGS, _VARKEYWORDS = 0x04, 0x08


#: Containers of SQLAlchemy's relationships, which hold what they belong to as well.
_COLLECTIONS: dict[str, type] = {
    "sqlalchemy.orm.collections:InstrumentedList": list,
    "sqlalchemy.orm.collections:InstrumentedSet": set,
    "sqlalchemy.orm.collections:InstrumentedDict": dict,
}

#: Names of a module that are looked at for a class that misstates its own.
_GLOBALS = 5_000


@dataclass
class Class:
    """A class as the encoder needs it."""

    name: str
    #: Whether it can not be imported by that name.
    local: bool = False
    kind: str = "plain"
    #: The builtin class below, and its name where it is a dict of the standard library.
    base: Optional[type] = None
    base_name: Optional[str] = None
    #: The builtin container as which its instances are written.
    container: Optional[type] = None
    #: What writes its instances instead.
    write: Optional[Callable[[Any, Any, int, int], Any]] = None
    #: Why its instances are not looked into.
    why: Optional[str] = None
    init: Optional[list[Any]] = None
    slots: list[Any] = field(default_factory=list)
    #: Whether instances have a ``__dict__`` that a class attribute of that name hides.
    hidden: bool = False


class Classes:
    """The classes met in one failure."""

    def __init__(self, project: Project) -> None:
        self._known: dict[int, Class] = {}
        self._names: dict[int, str] = {}
        self._alive: list[type] = []
        self._project = project
        self._main: Optional[str] = None

    def module(self, name: str) -> str:
        """Return a module's name as it is imported elsewhere."""
        if name != "__main__":
            return name
        if self._main is None:
            self._main = self._project.main_name()
        return self._main

    def name(self, cls: type) -> str:
        """Return ``module:qualname``."""
        known = self._names.get(id(cls))
        if known is None:
            known = f"{self.module(_reflect.module_of(cls))}:{self._qualname(cls)}"
            self._names[id(cls)] = known
            self._alive.append(cls)
        return known

    def importable(self, cls: type) -> bool:
        """Tell whether a class is what its name says."""
        return _reflect.resolve(_reflect.module_of(cls), self._qualname(cls)) is cls

    def _qualname(self, cls: type) -> str:
        """Return the name under which the class's module holds it, where that is not what the class calls itself."""
        said = _reflect.qualname(cls)
        module = _reflect.module_of(cls)
        if "<locals>" in said or _reflect.resolve(module, said) is cls:
            return said
        names = _reflect.module_namespace(module) or {}
        for name, value in list(names.items())[:_GLOBALS]:
            if value is cls and type(name) is str:
                return name
        return said

    def of(self, cls: type) -> Class:
        """Return what is known of a class."""
        known = self._known.get(id(cls))
        if known is None:
            known = self._look(cls)
            self._known[id(cls)] = known
            self._alive.append(cls)
        return known

    def _look(self, cls: type) -> Class:
        found = Class(self.name(cls))
        found.local = not self.importable(cls)
        real = _reflect.class_name(cls)
        # No class statement can give itself the name of a class written in C and be one.
        if not found.local or _reflect.is_native(cls):
            found.write = _known.BY_NAME.get(real) or _markup.BY_NAME.get(real) or _results.BY_NAME.get(real)
            if found.write is not None:
                return found
        bases = [_reflect.class_name(base) for base in _reflect.mro(cls)]
        if not found.local:
            found.write = _packages.writer(real, bases)
        found.write = found.write or _known.by_base(cls, bases) or _packages.zone_writer(bases)
        if found.write is not None:
            return found
        found.why = _lazy.why(bases)
        found.container = _COLLECTIONS.get(real)
        if found.why is not None or found.container is not None:
            return found
        native = _reflect.native_base(cls)
        if native is not object and not self._accept(found, cls, native):
            found.why = "native"
            return found
        found.slots = _reflect.slots(cls)
        found.init = parameters(cls)
        descriptor = _reflect.lookup(cls, "__dict__")
        found.hidden = descriptor is not _reflect.MISSING and type(descriptor) is not types.GetSetDescriptorType
        if _models.is_mapped(cls) and found.base is None:
            # Those of SQLModel are both.
            found.kind = "sqlalchemy"
        elif "pydantic.main:BaseModel" in bases or "pydantic.v1.main:BaseModel" in bases:
            found.kind = "pydantic"
        elif _reflect.lookup(cls, "__attrs_attrs__") is not _reflect.MISSING:
            found.kind = "attrs"
        elif _reflect.lookup(cls, "__dataclass_fields__") is not _reflect.MISSING and found.kind == "plain":
            found.kind = "dataclass"
        return found

    @staticmethod
    def _accept(found: Class, cls: type, native: type) -> bool:
        """Note the builtin class below; False when instances hold what cannot be read."""
        if _reflect.is_below(cls, BaseException):
            found.kind = "exception"
            return True
        if _reflect.class_name(native) in _DICTS:
            found.base_name = native.__name__
            native = dict
        for base in _BASES:
            if native is base:
                found.base = base
                # Another one, as in `class C(dict, Native)`, cannot be seen.
                return True
        return False


def parameters(cls: type) -> Optional[list[Any]]:
    """Return the parameters of ``__init__`` without self; None when it is not plain Python.

    What takes ``**kwargs`` and calls another ``__init__`` passes them on: those of the next base class are parameters
    as well, unless it gives them itself.
    """
    found: list[Any] = []
    known: set[Any] = set()
    for base in _reflect.mro(cls):
        init = _reflect.namespace(base).get("__init__")
        if init is None:
            continue
        if base is object or type(init) is not types.FunctionType:
            return found if base is object or found else None
        own = _own_parameters(init)
        found += [each for each in own if each[0] not in known]
        code = init.__code__
        if not code.co_flags & _VARKEYWORDS or "__init__" not in code.co_names:
            return found
        found = [each for each in found if not each[1].startswith("var_")]
        known.update(name for name, *_ in own)
        # The names that a call with `**kwargs` gives are constants, alone or several in one.
        for constant in code.co_consts:
            known.update(constant if type(constant) is tuple else (constant,))
    return found


def _own_parameters(init: types.FunctionType) -> list[Any]:
    """Return the parameters of one function without its first."""
    code = init.__code__
    names, defaults = code.co_varnames, init.__defaults__ or ()
    optional = set(names[code.co_argcount - len(defaults) : code.co_argcount]) if defaults else set()
    alone = names[: code.co_posonlyargcount]
    found: list[Any] = [
        [name, "positional_only" if name in alone else "positional", name not in optional]
        for name in names[1 : code.co_argcount]
    ]
    at = code.co_argcount
    keywords = names[at : at + code.co_kwonlyargcount]
    at += code.co_kwonlyargcount
    if code.co_flags & _VARARGS:
        if code.co_argcount:
            found.append([names[at], "var_positional", False])
        at += 1
    given = init.__kwdefaults__ or {}
    found += [[name, "keyword", name not in given] for name in keywords]
    if code.co_flags & _VARKEYWORDS:
        found.append([names[at], "var_keyword", False])
    return found
