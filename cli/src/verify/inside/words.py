"""Texts that code compares with or looks for, read from what was compiled: which of them are keys, which are compared with.
Part of Gu Wu.

Written for CPython 3.6 and later, so without annotations.
"""

import dis
import re
import types

_MODULE = types.ModuleType
# Words of one kind, of one function, and those that plain steps try.
_MOST = 600
_OF_FUNCTION = 120
_AS_KEYS = 80
# With so many keys no other text has to be taken for one.
_ENOUGH = 12
# What a message or an answer quotes.
_QUOTED = re.compile(r"""(["'`])([A-Za-z_][\w.-]{0,39})\1""")
# Methods that look for a key.
_LOOKING = ("get", "pop", "setdefault", "getlist", "has_key", "get_all")


class Words:
    """What may matter: ``near`` are texts of the recorded chain's functions, ``far`` those of all others, ``keys`` what is
    looked for in a mapping by either, ``compared`` what something is compared with."""

    def __init__(self, given):
        self.near, self.far = list(given), []
        self.keys, self.compared = [], []

    def count(self):
        """How many there are; there are never less."""
        return len(self.near) + len(self.far) + len(self.keys) + len(self.compared)

    def as_keys(self):
        """What a key may be, the most telling first."""
        others = self.compared + self.near + self.far if len(self.keys) < _ENOUGH else []
        return list(dict.fromkeys(self.keys + others))[:_AS_KEYS]

    def as_names(self):
        """What an element may be called."""
        return list(dict.fromkeys(self.compared + self.near + self.keys))[:_AS_KEYS]

    def hear(self, text, sent):
        """Takes the words that a message quotes and that were not sent: mostly keys that are missing, or values that it
        would rather have."""
        new = [word for _, word in _QUOTED.findall(text) if word not in sent]
        _add(self.keys, new, len(self.keys))
        _add(self.compared, new, len(self.compared))

    def read(self, code, namespace, is_of_chain, is_beside):
        """Reads a function that was met for the first time; ``is_beside``: it is in a file of the chain."""
        words = self.near if is_of_chain else self.far
        new = words_of(code, namespace, min(_MOST - len(words), _OF_FUNCTION))
        # Those beside the chain come before all others.
        _add(words, new, 0 if is_beside else len(words))
        if is_of_chain or is_beside:
            keys, compared = _used(code, namespace)
            _add(self.keys, keys, len(self.keys))
            _add(self.compared, compared, len(self.compared))


def _add(words, new, at):
    known = set(words)
    words[at:at] = [word for word in dict.fromkeys(new) if word not in known][: max(0, _MOST - len(words))]


def _used(code, namespace):
    """What a function looks for in mappings, and what it compares with."""
    keys, compared = [], []
    steps = [one for one in dis.get_instructions(code) if one.opname not in ("CACHE", "PRECALL", "EXTENDED_ARG")]
    for number, step in enumerate(steps):
        texts = _texts(step, steps[number - 1] if number else None, namespace)
        if not texts:
            continue
        behind = steps[number + 1] if number + 1 < len(steps) else None
        before = steps[number - 1] if number else None
        is_in = behind is not None and (
            behind.opname == "CONTAINS_OP" or (behind.opname == "COMPARE_OP" and "in" in str(behind.argval))
        )
        is_item = behind is not None and (
            behind.opname == "BINARY_SUBSCR" or (behind.opname == "BINARY_OP" and "[" in behind.argrepr)
        )
        is_looked_for = before is not None and before.argval in _LOOKING
        # `"key" in mapping` is read from the other side.
        is_key = len(steps) > number + 2 and steps[number + 2].opname == "CONTAINS_OP"
        if is_item or is_looked_for or is_key:
            keys.extend(texts)
        elif is_in or (behind is not None and behind.opname == "COMPARE_OP"):
            compared.extend(texts)
    return keys, compared


def _texts(step, before, namespace):
    """The texts that a step loads: of a constant, or of a module that holds constants."""
    value = None
    if step.opname == "LOAD_CONST":
        value = step.argval
    elif step.opname == "LOAD_ATTR" and before is not None and type(before.argval) is str:
        module = namespace.get(before.argval)
        value = vars(module).get(step.argval) if type(module) is _MODULE else None
    elif step.opname == "LOAD_GLOBAL":
        value = namespace.get(step.argval)
    values = value if type(value) in (tuple, frozenset) else (value,)
    return [one for one in values if type(one) is str and 0 < len(one) <= 24]


def words_of(code, namespace, most):
    """Texts that a function compares with or looks for: its constants, and the keys and members of its module's tables."""
    found = []

    def add(value, depth=0):
        if len(found) >= most:
            return
        if isinstance(value, str):
            if 0 < len(value) <= 24:
                found.append(value)
        elif isinstance(value, bytes):
            if 0 < len(value) <= 24:
                found.append(value.decode("latin-1"))
        elif isinstance(value, (tuple, frozenset)) and depth < 3:
            for one in value:
                add(one, depth + 1)

    constants = code.co_consts
    if constants and isinstance(constants[0], str):
        # Mostly its docstring.
        constants = constants[1:]
    for constant in constants:
        add(constant)
    modules = [namespace[name] for name in code.co_names if type(namespace.get(name)) is _MODULE]
    # Its tables are all modules there are.
    modules = [module for module in modules if module.__name__ != "sys"]
    for name in code.co_names:
        for table in [namespace.get(name)] + [vars(module).get(name) for module in modules]:
            # Exactly these types: a class of the project may do anything when it is walked through.
            if type(table) in (dict, list, tuple, set, frozenset) and len(table) <= 2000:
                for one in list(table):
                    if type(one) in (str, bytes, tuple):
                        add(one, 1)
            elif type(table) in (str, bytes) and not name.startswith("__"):
                add(table)
    return found
