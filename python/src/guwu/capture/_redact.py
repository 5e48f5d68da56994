"""Takes secrets out of what is written: values under telling names, and texts that look like secrets anywhere.

The shape stays: letters become ``x`` and digits ``0``, so that a placeholder has the length and the look of what was
there. What was found under a telling name is remembered for the rest of the failure and taken out everywhere else as
well. It deliberately knows nothing of encoding; see :mod:`guwu.capture._encode`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Optional

#: Words of names whose values are secret, whatever holds them; longer ones as their words follow each other.
STRONG = (
    "password", "passwd", "pwd", "passphrase", "passcode", "secret", "secrets", "token", "credential", "credentials",
    "authorization", "jwt", "bearer", "apikey", "accesskey", "accesskeyid", "privatekey", "secretkey", "authkey",
    "signingkey", "encryptionkey", "masterkey", "sharedkey", "accountkey", "sessionkey", "connectionstring", "cvv",
    "cvc", "ssn", "otp", "csrf", "csrftoken", "xsrf", "iban", "dsn",
)  # fmt: skip
#: The same, but only for texts, numbers and plain containers: a database session is none.
WEAK = (
    "auth", "session", "sessions", "sessionid", "sid", "cookie", "cookies", "card", "cardnumber", "creditcard", "pan",
    "pin", "signature",
)  # fmt: skip

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

#: Beginnings that issuers give to their tokens.
_ISSUED = (
    "sk-", "sk_live_", "sk_test_", "pk_live_", "rk_live_", "ghp_", "gho_", "ghu_", "ghs_", "github_pat_", "glpat-",
    "xoxb-", "xoxp-", "xoxa-", "npm_", "pypi-", "hf_", "whsec_", "SG.", "AKIA", "ASIA", "AIza",
)  # fmt: skip
#: What is looked for, the part of it that is secret, and what a text must hold (in small letters) to be looked at.
_PATTERNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    # A private key, also one of which only the start is there.
    (r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?P<secret>(?s:.*?))(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", ("-----begin",)),
    (r"\b(?P<secret>eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?)", ("eyj",)),
    (
        rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, _ISSUED))})(?P<secret>[A-Za-z0-9_.-]{{10,}})",
        tuple(prefix.lower() for prefix in _ISSUED),
    ),
    (r"\b(?i:bearer|basic|digest)\s+(?P<secret>[A-Za-z0-9+/=._~-]{6,})", ("bearer", "basic", "digest")),
    (r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{0,80}:(?P<secret>[^\s/@]{1,200})@", ("://",)),
)
_DIGITS = re.compile(r"(?<!\d)(?<!\d\.)\d(?:[ -]?\d){12,18}(?!\.?\d)")
_PAIR = re.compile(
    r"""(?<![A-Za-z0-9_.-])(?P<name>[A-Za-z_][A-Za-z0-9_.-]{1,60})(?P<between>['"]?\s{0,3}(?:=|:|=>)\s{0,3}[bru]?)"""
    r"""(?P<value>'[^'\n]{1,400}'|"[^"\n]{1,400}"|[^\s'"&;,)}\]]{1,400})"""
)
_EMAIL = r"(?P<secret>[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+)"
_CARD = re.compile(
    r"(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6\d{15,18}|35\d{14})\Z"
)
#: Values after `token=` that are none.
_NO_SECRETS = frozenset({"none", "null", "true", "false", "undefined", "", "''", '""'})

_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_HEX = re.compile(r"(?:[0-9a-f]+|[0-9A-F]+)\Z")
_IS_EMAIL = re.compile(_EMAIL + r"\Z")

#: Secrets that are looked for elsewhere: at least this long, at most so many.
_SHORTEST = 6
_REMEMBERED = 64
#: Texts remembered as they were.
_CHANGED = 1_000


def placeholder(text: str) -> str:
    """Return a text of the same length and look."""
    return _DIGIT.sub("0", _LETTER.sub("x", text))


def likeness(text: str) -> str:
    """Tell what a secret looks like."""
    if text.isascii() and text.isdigit():
        return "digits"
    if _HEX.match(text):
        return "hex"
    return "email" if _IS_EMAIL.match(text) else "text"


def is_card(digits: str) -> bool:
    """Tell whether these digits are a payment card's: an issuer's prefix and length, and the check digit."""
    if not _CARD.match(digits):
        return False
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


class Redactor:
    """The names and patterns in force."""

    def __init__(self, names: Iterable[str] = (), patterns: Iterable[str] = (), *, emails: bool = False) -> None:
        self._strong = _spelled([*STRONG, *names])
        self._weak = _spelled(WEAK)
        self._decided: dict[str, int] = {}
        # A name in a text is looked at when the text holds its first letters.
        self._stems = tuple(sorted({name[:4] for name in self._strong | self._weak}))
        self._patterns = [(re.compile(pattern), hints) for pattern, hints in _PATTERNS]
        self._patterns += [(re.compile(_EMAIL), ("@",))] if emails else []
        self._patterns += [(re.compile(f"(?P<secret>{pattern})"), ("",)) for pattern in patterns]
        self._custom = any("" in hints for _, hints in self._patterns)
        hints = {*self._stems, *(hint for _, hints in self._patterns for hint in hints)}
        self._hint = re.compile("|".join([r"\d(?:[ -]?\d){12}", *sorted(map(re.escape, hints))]))

    def weight(self, name: str) -> int:
        """Tell how secret the value of a name is: 0 not, 1 if it is a text, number or container of them, 2 always.

        -1: only if it is itself a text or a number. A `token` that is a structure is a parser's, not a credential.
        """
        known = self._decided.get(name)
        if known is None:
            known = self._weigh(name)
            if len(self._decided) < 10_000:
                self._decided[name] = known
        return known

    def _weigh(self, name: str) -> int:
        words = [word.lower() for word in _WORDS.findall(name[:200])]
        if words in (["token"], ["tokens"]):
            return -1
        runs = {"".join(words[at : at + size]) for size in (1, 2, 3) for at in range(len(words) - size + 1)}
        if runs & self._strong:
            return 2
        return 1 if runs & self._weak else 0

    def clean(self, text: str) -> str:
        """Replace what looks like a secret in a text."""
        # Most texts are short words, or hold nothing that any of the patterns starts with.
        if not self._custom and (len(text) < 7 or (len(text) < 13 and text.isalnum())):
            return text
        lowered = text.lower()
        if self._hint.search(lowered) is None:
            return text
        for pattern, hints in self._patterns:
            if any(hint in lowered for hint in hints):
                text = pattern.sub(_hide, text)
        if len(text) >= 13:
            text = _DIGITS.sub(_hide_card, text)
        if ("=" in text or ":" in text) and any(stem in lowered for stem in self._stems):
            text = _PAIR.sub(self._hide_pair, text)
        return text

    def _hide_pair(self, match: re.Match[str]) -> str:
        value = match["value"]
        weight = self.weight(match["name"])
        if weight == 0:
            # What follows may hold pairs itself, as in `url=http://host/?token=…`.
            start = match.start("value") - match.start()
            return match[0][:start] + _PAIR.sub(self._hide_pair, value)
        if value.lower() in _NO_SECRETS or (weight < 0 and value.isdigit()):
            return match[0]
        quoted = value[0] in "'\""
        # An unquoted word of source code, as in `token=request.token`, is a name.
        if not quoted and (value.startswith(("self.", "request.", "os.")) or value[0] in "([{<$%*"):
            return match[0]
        hidden = value[0] + placeholder(value[1:-1]) + value[-1] if quoted else placeholder(value)
        return match["name"] + match["between"] + hidden

    def secrets(self) -> Secrets:
        """Start remembering for one failure."""
        return Secrets(self)


def _hide(match: re.Match[str]) -> str:
    whole, start = match[0], match.start()
    first, last = match.start("secret") - start, match.end("secret") - start
    return whole[:first] + placeholder(whole[first:last]) + whole[last:]


def _hide_card(match: re.Match[str]) -> str:
    return placeholder(match[0]) if is_card(re.sub(r"\D", "", match[0])) else match[0]


def _spelled(names: Iterable[str]) -> frozenset[str]:
    return frozenset("".join(word.lower() for word in _WORDS.findall(name)) for name in names) - {""}


class Secrets:
    """What was found secret in one failure."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._found: dict[str, None] = {}
        self._originals: dict[str, str] = {}

    def weight(self, name: str) -> int:
        """See :meth:`Redactor.weight`."""
        return self._redactor.weight(name)

    def under(self, secret: int, name: str) -> int:
        """Return how secret the value of a name is within something that may be secret itself."""
        own = self._redactor.weight(name)
        return max(secret, own) if secret else own

    def remember(self, text: str) -> None:
        """Take a secret out of everything else, too."""
        if len(text) >= _SHORTEST and len(self._found) < _REMEMBERED:
            self._found[text] = None

    def clean(self, text: str) -> str:
        """See :meth:`Redactor.clean`."""
        clean = self._redactor.clean(text)
        if clean is not text and clean != text and len(self._originals) < _CHANGED:
            self._originals[clean] = text
        return clean

    def original(self, clean: str) -> str:
        """Return the text that was cleaned, in which secrets are looked for that were found later."""
        return self._originals.get(clean, clean)

    def pattern(self) -> Optional[re.Pattern[str]]:
        """Return what finds the remembered secrets, the longest first; None when there are none."""
        if not self._found:
            return None
        return re.compile("|".join(map(re.escape, sorted(self._found, key=len, reverse=True))))
