"""Takes secrets out of what is written: values under telling names, and texts that look like secrets anywhere.

Every secret of a failure gets a number and a placeholder that is made from that number, the length and the look alone:
the same secret has the same placeholder wherever it is, another one another. What was found under a telling name is
remembered for the rest of the failure and taken out everywhere else as well. It deliberately knows nothing of encoding;
see :mod:`guwu.capture._encode`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from typing import Any, Optional

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

#: What such a name ends with where its value only tells of a secret: `authorization_grant_type`, `token_url`.
_ABOUT = frozenset((
    "type", "url", "uri", "endpoint", "method", "class", "algorithm", "count", "length", "expires", "expiry",
    "expiration", "lifetime", "ttl", "timeout", "enabled", "required", "backend", "scheme", "scope", "scopes",
))  # fmt: skip

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
    (r"\b(?i:bearer|digest)\s+(?P<secret>[A-Za-z0-9+/=._~-]{6,})", ("bearer", "digest")),
    (r"\b(?i:basic)\s+(?P<basic>[A-Za-z0-9+/=._~-]{6,})", ("basic",)),
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
#: username="ann", response="6629fa…"
_PARAMETER = re.compile(r"""(?P<name>\b[A-Za-z][A-Za-z0-9_-]*=)(?P<value>"[^"]*"|[^\s,"]+)""")
#: Values after `token=` that are none.
_NO_SECRETS = frozenset({"none", "null", "true", "false", "undefined", "", "''", '""'})

#: A path, an address, a query of several parts.
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:/)?/[\w.~%@:-]*(?:/|\?|\Z)|[\w.~%-]+=[^&\s]*&")
#: `confidential`, `authorization-code`
_KIND = re.compile(r"[a-z]{1,30}(?:[ _-][a-z]{1,30}){0,3}")
#: Names of what a credential itself is called within a structure of credentials.
_VALUES = frozenset(("key", "value", "pass", "pw", "code", "raw", "text", "plain", "word", "hash", "data"))
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_HEX = re.compile(r"(?:[0-9a-f]+|[0-9A-F]+)\Z")
_IS_EMAIL = re.compile(_EMAIL + r"\Z")

#: Secrets that are looked for elsewhere: at least this long, at most so many.
_SHORTEST = 6
_REMEMBERED = 64
#: Characters by which secrets are told apart.
_COMPARED = 4_096
#: Texts remembered as they were.
_CHANGED = 1_000


_ALPHABET = "xyzabcdefghijklmnopqrstuvw"
_DOMAIN = "@example.com"
#: What stands for letters that ASCII has not: some encodings have the first, fewer the second.
_BEYOND = {"latin": "\xe9", "wide": "\u4e00"}


def placeholder(like: str, size: int, number: int) -> str:
    """Return what stands for the secret of this number, from 1, with that length and look; see docs/capture.md."""
    number -= 1
    if like == "digits":
        return "1" + _counted("0123456789", size - 1, number) if size else ""
    if like == "hex":
        return _counted("0123456789abcdef", size, number)
    if like == "email" and size > len(_DOMAIN):
        return _counted(_ALPHABET, size - len(_DOMAIN), number) + _DOMAIN
    if like in _BEYOND and size:
        return _BEYOND[like] + _counted(_ALPHABET, size - 1, number)
    return _counted(_ALPHABET, size, number)


def _counted(alphabet: str, size: int, number: int) -> str:
    """Return a number in the digits of an alphabet, filled up to a size; what does not fit is lost."""
    found: list[str] = []
    while number and len(found) < size:
        number, digit = divmod(number, len(alphabet))
        found.append(alphabet[digit])
    return alphabet[0] * (size - len(found)) + "".join(reversed(found))


def shaped(text: str, number: int) -> str:
    """Return the same for a text of which everything but letters and digits may stay."""
    number -= 1
    found = []
    for character in reversed(text):
        alphabet = "0123456789" if _DIGIT.match(character) else _ALPHABET if _LETTER.match(character) else character
        number, digit = divmod(number, len(alphabet)) if len(alphabet) > 1 else (number, 0)
        found.append(alphabet[digit])
    return "".join(reversed(found))


def basic(text: str, number: int) -> str:
    """Return the same for a name and a password in base64, so that what decodes to text, or does not, still does."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return shaped(text, number)
    try:
        decoded, encoding = raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        decoded, encoding = raw.decode("latin-1"), "latin-1"
    hidden = list(shaped(decoded, number))
    for at, character in enumerate(decoded):
        if not character.isascii():
            # No letter that ASCII has may stand for one that it has not.
            hidden[at] = _BEYOND["latin" if character <= "\xff" else "wide"]
    return base64.b64encode("".join(hidden).encode(encoding)).decode("ascii")


def likeness(text: str) -> str:
    """Tell what a secret looks like."""
    text = text[:_COMPARED]
    if text.isascii() and text.isdigit():
        return "digits"
    if _HEX.match(text):
        return "hex"
    if not text.isascii():
        return "latin" if max(text) <= "\xff" else "wide"
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
        # A name in a text is looked at when the text holds its first letters: no more, for `api_key` is one.
        self._stems = tuple(sorted({name[:3] for name in self._strong | self._weak}))
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
        if len(words) > 1 and words[-1] in _ABOUT and "".join(words) not in self._strong | self._weak:
            return 0
        runs = {"".join(words[at : at + size]) for size in (1, 2, 3) for at in range(len(words) - size + 1)}
        if runs & self._strong:
            return 2
        return 1 if runs & self._weak else 0

    def is_name(self, text: str) -> bool:
        """Tell whether a text is itself one of the names whose values are secret: `password`, `csrf_token`."""
        if len(text) > 40 or not text.isidentifier() or _DIGIT.search(text):
            return False
        return "".join(word.lower() for word in _WORDS.findall(text)) in self._strong | self._weak

    def clean(self, text: str, secrets: Secrets) -> str:
        """Replace what looks like a secret in a text."""
        # Most texts are short words, or hold nothing that any of the patterns starts with.
        if not self._custom and (len(text) < 7 or (len(text) < 13 and text.isalnum())):
            return text
        lowered = text.lower()
        if self._hint.search(lowered) is None:
            return text

        def hide(match: re.Match[str]) -> str:
            name = "basic" if "basic" in match.re.groupindex else "secret"
            whole, start = match[0], match.start()
            first, last = match.start(name) - start, match.end(name) - start
            made = basic if name == "basic" else shaped
            return whole[:first] + secrets.hidden(whole[first:last], made) + whole[last:]

        def hide_card(match: re.Match[str]) -> str:
            return secrets.hidden(match[0]) if is_card(re.sub(r"\D", "", match[0])) else match[0]

        for pattern, hints in self._patterns:
            if any(hint in lowered for hint in hints):
                text = pattern.sub(hide, text)
        if len(text) >= 13:
            text = _DIGITS.sub(hide_card, text)
        if ("=" in text or ":" in text) and any(stem in lowered for stem in self._stems):
            text = self._without_pairs(text, secrets)
        return text

    def _without_pairs(self, text: str, secrets: Secrets) -> str:
        def hide(match: re.Match[str], weight: int) -> str:
            value = match["value"]
            if value.lower() in _NO_SECRETS or (weight < 0 and value.isdigit()):
                return match[0]
            quoted = value[0] in "'\""
            # An unquoted word of source code, as in `token=request.token`, is a name.
            if not quoted and (value.startswith(("self.", "request.", "os.")) or value[0] in "([{<$%*"):
                return match[0]
            hidden = value[0] + secrets.stand_in(value[1:-1]) + value[-1] if quoted else secrets.stand_in(value)
            return match["name"] + match["between"] + hidden

        found: list[str] = []
        done = 0
        pair = _PAIR.search(text)
        while pair is not None:
            weight = self.weight(pair["name"])
            # What follows a name that tells nothing may be a pair itself, as in `url=http://host/?token=…`.
            end = pair.end() if weight else pair.start("value")
            found += [text[done : pair.start()], hide(pair, weight) if weight else text[pair.start() : end]]
            done = end
            pair = _PAIR.search(text, done)
        return "".join(found) + text[done:]

    def secrets(self) -> Secrets:
        """Start remembering for one failure."""
        return Secrets(self)


def _spelled(names: Iterable[str]) -> frozenset[str]:
    return frozenset("".join(word.lower() for word in _WORDS.findall(name)) for name in names) - {""}


class Secrets:
    """What was found secret in one failure."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._found: dict[str, None] = {}
        #: Numbers by secret, and the placeholders that were given out: one that is met again is none.
        self._numbers: dict[str, int] = {}
        self._given: set[str] = set()
        self._originals: dict[str, str] = {}

    def weight(self, name: str) -> int:
        """See :meth:`Redactor.weight`."""
        return self._redactor.weight(name)

    def under(self, secret: int, name: str) -> int:
        """Return how secret the value of a name is within something that may be secret itself.

        3: only for what it is in; its own name tells nothing.
        """
        own = self._redactor.weight(name)
        if secret < 2:
            return max(secret, own) if secret else own
        return 2 if own > 0 or name.lower() in _VALUES else 3

    def remember(self, text: str, secret: int = 2) -> None:
        """Take a secret out of everything else, too."""
        # `credentials` may hold a whole request and all that it leads to: an address and the word for a kind of
        # client are none, and stand elsewhere, too.
        if secret == 3 and (_ADDRESS.match(text) or _KIND.fullmatch(text)):
            return
        # `type="password"` of a form field says which it is; the word stands in every key of that name.
        if len(text) >= _SHORTEST and len(self._found) < _REMEMBERED and not self._redactor.is_name(text):
            self._found[text] = None

    def number(self, secret: str) -> int:
        """Return the number of a secret, from 1 in the order in which they are met."""
        return self._numbers.setdefault(secret[:_COMPARED], len(self._numbers) + 1)

    def stand_in(self, secret: str) -> str:
        """Return the placeholder of a secret."""
        if not secret or secret in self._given:
            return secret
        found = placeholder(likeness(secret), len(secret), self.number(secret))
        self._given.add(found)
        return found

    def hidden(self, secret: str, made: Callable[[str, int], str] = shaped) -> str:
        """Return the placeholder of what only looks like a secret: punctuation stays."""
        if secret in self._found or secret in self._given or likeness(secret) not in ("text", *_BEYOND):
            return self.stand_in(secret)
        found = made(secret, self.number(secret))
        self._given.add(found)
        return found

    def credentials(self, header: str) -> str:
        """Return what stands for an `Authorization` header: its scheme stays, and so do the names of its parameters."""
        scheme, blank, secret = header.partition(" ")
        if not blank or not scheme.isascii() or not scheme.isalnum():
            return self.hidden(header)
        if scheme.lower() == "basic":
            return scheme + blank + self.hidden(secret, basic)
        if _PARAMETER.match(secret) is None:
            return scheme + blank + self.hidden(secret)
        return scheme + blank + _PARAMETER.sub(lambda match: match["name"] + self.hidden(match["value"]), secret)

    def redacted(self, secret: str, of: str, size: Optional[int] = None) -> dict[str, Any]:
        """Return the node of a value that is a secret as a whole; its size when only its start is given."""
        length = len(secret) if size is None else size
        like = likeness(secret)
        if like in _BEYOND and of != "str":
            # Of bytes it is not known which letters they are.
            like = "text"
        return {"t": "redacted", "of": of, "n": length, "like": like, "v": self.number(secret)}

    def clean(self, text: str) -> str:
        """See :meth:`Redactor.clean`."""
        clean = self._redactor.clean(text, self)
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
