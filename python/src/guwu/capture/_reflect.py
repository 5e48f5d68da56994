"""Reads classes and objects without running any of their code.

Everything goes through the descriptors of ``type`` and of the builtin classes, so that metaclasses, properties,
``__getattr__``, ``__class__`` and the like of the application are never asked. It deliberately interprets nothing.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Mapping
from typing import Any, Optional

#: What a look-up that found nothing returns.
MISSING: Any = object()

_mro = type.__dict__["__mro__"].__get__
_namespace = type.__dict__["__dict__"].__get__
_qualname = type.__dict__["__qualname__"].__get__
_module = type.__dict__["__module__"].__get__
_flags = type.__dict__["__flags__"].__get__
_HEAP = 1 << 9
_module_dict = vars(types.ModuleType)["__dict__"].__get__

_GETSET: Any = types.GetSetDescriptorType
_MEMBER: Any = types.MemberDescriptorType
_WRAPPER: Any = types.WrapperDescriptorType
_METHOD: Any = types.MethodDescriptorType
_BUILTIN: Any = types.BuiltinFunctionType

#: Classes of which the classes of the application may be subclasses without having a state that cannot be seen.
_STATELESS = frozenset({"datetime:tzinfo"})


def mro(cls: type) -> tuple[type, ...]:
    """Return the method resolution order; a class written in C may have none yet."""
    found: Optional[tuple[type, ...]] = _mro(cls)
    return found if found is not None else (cls,)


def namespace(cls: type) -> Mapping[str, Any]:
    """Return the class's own attributes, as stored; a class written in C may have none yet."""
    found: Optional[Mapping[str, Any]] = _namespace(cls)
    return found if found is not None else {}


def is_below(cls: type, base: type) -> bool:
    """Tell whether a class is another one or a subclass; by identity, as ``in`` would compare by the metaclass."""
    return any(each is base for each in mro(cls))


def is_class(value: Any) -> bool:
    """Tell whether a value is a class."""
    return is_below(type(value), type)


def is_made_by_statement(cls: type) -> bool:
    """Tell whether a class lives on the heap, as those made by a class statement do (and some written in C)."""
    return bool(_flags(cls) & _HEAP)


def text(value: Any) -> Optional[str]:
    """Return what is exactly a str, else None."""
    return value if type(value) is str else None


def qualname(cls: type) -> str:
    """Return the dotted name of a class within its module."""
    name = _qualname(cls)
    return name if type(name) is str else str.__str__(name)


def module_of(cls: type) -> str:
    """Return the name of the module that a class says it is from."""
    try:
        return text(_module(cls)) or "builtins"
    except AttributeError:
        return "builtins"


def class_name(cls: type) -> str:
    """Return ``module:qualname``."""
    return f"{module_of(cls)}:{qualname(cls)}"


def lookup(cls: type, name: str) -> Any:
    """Return a class attribute as stored, or :data:`MISSING`."""
    for base in mro(cls):
        found = namespace(base).get(name, MISSING)
        if found is not MISSING:
            return found
    return MISSING


def module_namespace(name: str) -> Optional[dict[str, Any]]:
    """Return the globals of an imported module."""
    module = sys.modules.get(name)
    if not is_below(type(module), types.ModuleType):
        return None
    found: dict[str, Any] = _module_dict(module)
    return found


def module_namespace_of(module: types.ModuleType) -> dict[str, Any]:
    """Return the globals of a module."""
    found: dict[str, Any] = _module_dict(module)
    return found


def resolve(module: str, dotted: str) -> Any:
    """Return what ``module:dotted`` names, or :data:`MISSING`; nothing is imported."""
    first, *rest = dotted.split(".")
    names = module_namespace(module)
    found = MISSING if names is None else names.get(first, MISSING)
    for name in rest:
        if found is MISSING or not is_class(found):
            return MISSING
        found = lookup(found, name)
        # What attribute access on the class would give, for the two wrappers that are known.
        if type(found) is staticmethod:
            found = found.__func__
    return found


def is_native(cls: type) -> bool:
    """Tell whether a class is written in C: it has slot wrappers of its own, which no class statement makes."""
    for value in namespace(cls).values():
        kind = type(value)
        if kind is _WRAPPER or kind is _METHOD:
            if value.__objclass__ is cls:
                return True
        elif kind is _BUILTIN:
            if value.__name__ == "__new__" and value.__self__ is cls:
                return True
        elif kind is _GETSET and value.__objclass__ is cls and value.__name__ not in ("__dict__", "__weakref__"):
            return True
    return False


def native_base(cls: type) -> type:
    """Return the first class of the method resolution order that is written in C and may hold a state."""
    for base in mro(cls):
        if base is object or (is_native(base) and class_name(base) not in _STATELESS):
            return base
    return object


def instance_dict(value: Any) -> Optional[dict[str, Any]]:
    """Return ``__dict__``, never through a property of that name; None when there is none."""
    for base in mro(type(value)):
        descriptor: Any = namespace(base).get("__dict__")
        if type(descriptor) is _GETSET or type(descriptor) is _MEMBER:
            try:
                found = descriptor.__get__(value)
            except (AttributeError, TypeError):
                continue
            return found if type(found) is dict else None
    return None


def slots(cls: type) -> list[Any]:
    """Return the descriptors of ``__slots__``, those of base classes first."""
    found = []
    for base in reversed(mro(cls)):
        if base is object or is_native(base):
            continue
        found += [
            value
            for name, value in namespace(base).items()
            if type(value) is _MEMBER and value.__objclass__ is base and name not in ("__dict__", "__weakref__")
        ]
    return found


def slot_value(descriptor: Any, value: Any) -> Any:
    """Return what a slot holds, or :data:`MISSING`."""
    try:
        return descriptor.__get__(value)
    except AttributeError:
        return MISSING
