"""The values. Whatever would run one of the texts as code leaves a file or folder called CANARY behind."""

from collections import OrderedDict, deque
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

CODE = "open('CANARY','w')"
RUN = "__import__('os').system('touch CANARY')"

TEXTS: dict[str, str] = {
    "double quote": f'"); {CODE} #',
    "single quote": f"'); {CODE} #",
    "triple double": f'"""\n{CODE}\n"""',
    "triple single": f"'''\n{CODE}\n'''",
    "docstring end": f'x"""; {CODE}; """',
    "backslash at the end": "\\",
    "backslash and quote": f'\\"); {CODE} #',
    "two backslashes and quote": f'\\\\"); {CODE} #',
    "line feed": f"x\n{CODE}\n",
    "carriage return": f"x\r{CODE}\r",
    "both": f"x\r\n{CODE}\r\n",
    "form feed": f"x\x0c{CODE}",
    "vertical tab": f"x\x0b{CODE}",
    "next line": f"x\x85{CODE}\x85",
    "line separator": f"x\u2028{CODE}\u2029",
    "null": f"x\x00{CODE}",
    "all controls": "".join(map(chr, range(32))) + "\x7f" + "".join(map(chr, range(128, 160))),
    "escape sequence": "\x1b[2J\x1b]0;title\x07",
    "right to left": f"\u202e{CODE}\u202c\u2066x\u2069",
    "zero width": "a\u200b\u200d\u2060\ufeffb",
    "combining": "e\u0301\u0327" * 20,
    "emoji": "\U0001f469\u200d\U0001f4bb\U0001f600",
    "not a character": "\ufffe\U0010ffff",
    "full-width": "\uff02\uff09\uff1b" + CODE,
    "other digits": "\u0661\u0662\u00b2",
    "jinja": "{{ 7*7 }}{% raw %}{% import 'os' as os %}{{ os.system('touch CANARY') }}{# #}",
    "jinja end": "{% endraw %}{{ self }}",
    "template with own delimiters": "<< title >> <%= 7*7 %> ${7*7} #{7*7} [[x]] @@x@@",
    "f-string": f"{{{RUN}}}",
    "f-string nested": "{x!r:{y}}{{}}{0.__class__.__mro__}",
    "percent": "%s %d %(x)s %n %%",
    "dollar": "$HOME ${IFS} $(touch CANARY) `touch CANARY`",
    "shell": "; touch CANARY; | touch CANARY && touch CANARY",
    "sql": "'; DROP TABLE groups; --",
    "markup": "<script>alert(1)</script>&amp;<!-- --> ]]>",
    "jndi": "${jndi:ldap://127.0.0.1/a}",
    "path": "../../../../CANARY",
    "absolute path": "/tmp/CANARY",
    "coding": "# -*- coding: rot13 -*-",
    "escape in text": "\\u0041\\x00\\N{DIGIT ONE}\\101\\\n",
    "looks like None": "None",
    "looks like a number": "0x10",
    "looks like a trace": 'Traceback (most recent call last):\n  File "x.py", line 1, in <module>\nOSError: x',
    "looks like a capture": '{"t":"call","f":"os:system","args":["touch CANARY"]}',
    "noqa": "# noqa # type: ignore # pragma: no cover # fmt: off",
    "pytest marker": "@pytest.mark.skip",
    "empty": "",
    "blank": " \t ",
    "long": 'ab"\\' * 900,
}

NUMBERS: dict[str, Any] = {
    "huge": 10**300,
    "huge negative": -(7**400),
    "javascript's limit": 2**53,
    "beyond it": 2**53 + 1,
    "64 bits": 2**64,
    "minus 2 to the 63rd": -(2**63),
    "nan": float("nan"),
    "inf": float("inf"),
    "-inf": float("-inf"),
    "-0.0": -0.0,
    "tiny": 5e-324,
    "large": 1.7976931348623157e308,
    "one third": 1 / 3,
    "true": True,
    "one": 1,
    "one as float": 1.0,
    "decimal nan": Decimal("NaN"),
    "decimal signalling": Decimal("sNaN123"),
    "decimal exponent": Decimal("1E+9999"),
    "decimal minus zero": Decimal("-0.00"),
    "fraction": Fraction(-1, 3),
    "complex": complex(float("-inf"), -0.0),
}

BYTES: dict[str, Any] = {
    "none": b"",
    "all": bytes(range(256)),
    "quote": f'"); {CODE} #'.encode(),
    "triple": f'"""\n{CODE}\n"""'.encode(),
    "backslash": b"\\",
    "mutable": bytearray(b"\x00'\"\\"),
    "no utf-8": b"\xff\xfe\xc3\x28",
}


def _containers() -> dict[str, Any]:
    ring: list[Any] = [1]
    ring.append(ring)
    loop: dict[str, Any] = {}
    loop["self"] = loop
    left: list[Any] = []
    right: dict[str, Any] = {"left": left}
    left.append(right)
    twice = [1, 2]
    return {
        "list in itself": ring,
        "dict in itself": loop,
        "two in each other": left,
        "the same twice": [twice, twice, (twice,)],
        "tuple of one": (1,),
        "no tuple": (),
        "no set": set(),
        "frozen": frozenset({"a", 'b"'}),
        "keys": {None: 1, (1, "x"): 2, 1.5: 3, b"k": 4, True: 5, f'"]; {CODE} #': 6},
        "words of the language": {"class": 1, "self": 2, "None": 3, "__class__": 4, "import os": 5, "": 6},
        "deep": [[[[[[1]]]]]],
        "ordered": OrderedDict([("b", 1), ("a", 2)]),
        "both ends": deque(['x"'], 5),
        "day": date.min,
        "moment": datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=-23, minutes=-59))),
        "span": timedelta.min,
        "id": UUID(int=0),
        "path": PurePosixPath(f"/a/\"'{CODE}\n"),
    }


CONTAINERS = _containers()

#: Names of keyword arguments.
KEYWORDS: dict[str, Any] = {
    "a b": 1,
    "class": 2,
    f"x=1, **{CODE}": 3,
    "x):\n    pass\nopen('CANARY','w')\n(": 4,
    "": 5,
    "__class__": 6,
    "\u00e9t\u00e9": 7,
    "\uff43\uff4f\uff44\uff45": 8,
    "plain": 9,
    '"': 10,
}
