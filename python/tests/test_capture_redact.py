"""What is secret is nowhere in the file, and its shape is."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from capture_support import Lines, encode, logged
from guwu import capture
from guwu.capture._body import clean_body, clean_query
from guwu.capture._redact import Redactor, is_card, placeholder

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"
CARD = "4111 1111 1111 1111"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAxyz\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("name", "weight"),
    [
        ("password", 2), ("user_password", 2), ("passwordHash", 2), ("PGPASSWORD", 0), ("pwd", 2), ("client_secret", 2),
        ("accessToken", 2), ("api_key", 2), ("apiKey", 2), ("X-API-Key", 2), ("Authorization", 2), ("cookie", 1),
        ("sessionid", 1), ("session", 1), ("card_number", 1), ("cardNumber", 1), ("cvv", 2), ("connection_string", 2),
        ("tokenize", 0), ("cardinality", 0), ("discard", 0), ("author", 0), ("key", 0), ("max_tokens", 0), ("name", 0),
        ("compass", 0), ("spinner", 0), ("shipping", 0),
    ],
)  # fmt: skip
def test_names(name: str, weight: int) -> None:
    assert Redactor().weight(name) == weight


def test_more_names_and_patterns_can_be_given() -> None:
    redactor = Redactor(["national_id"], [r"EMP-\d+"], emails=True)
    assert redactor.weight("nationalId") == 2
    assert redactor.clean("it was EMP-12345, ann@example.com") == "it was xxx-00000, xxx@xxxxxxx.xxx"
    assert redactor.clean("EMP-1") == "xxx-0"
    assert Redactor().clean("ann@example.com") == "ann@example.com"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"got {JWT} from", JWT[10:30]),
        (f"paid with {CARD}.", "1111"),
        (KEY, "MIIEpAIBAAKCAQEAxyz"),
        ("Authorization: Bearer abcdef123456", "abcdef"),
        ("postgres://app:hunter2@db/x", "hunter2"),
        ("login(password='hunter2')", "hunter2"),
        ('{"password": "hunter2"}', "hunter2"),
        ("a=1&token=hunter2&b=2", "hunter2"),
        ("url=https://db/x?token=hunter2", "hunter2"),
        ("sent to https://db/x?a=1&token=hunter2", "hunter2"),
        ("config: 'mode=a;password=hunter2'", "hunter2"),
        ("key ghp_abcdefghijklmnop1234", "abcdefghij"),
        ("AKIAABCDEFGHIJKLMNOP", "ABCDEFGHIJ"),
    ],
)
def test_texts(text: str, secret: str) -> None:
    clean = Redactor().clean(text)
    assert secret not in clean
    assert len(clean) == len(text)
    assert clean[:3] == text[:3] or text.startswith("AKIA")


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "token=None",
        "a: b",
        "order 4111111111111112",
        "1700000000000",
        "tokens: 12 of 20",
        "x" * 5_000,
        "key=1",
    ],
)
def test_texts_without_secrets_stay(text: str) -> None:
    assert Redactor().clean(text) == text


def test_cards_have_an_issuer_and_a_check_digit() -> None:
    assert is_card("4111111111111111")
    assert is_card("378282246310005")
    assert not is_card("4111111111111112")
    assert not is_card("1700000000000")


def test_redacted_values_keep_type_length_and_look() -> None:
    assert encode("hunter2", name="password") == {"t": "redacted", "of": "str", "n": 7, "like": "text"}
    assert encode("123456", name="otp") == {"t": "redacted", "of": "str", "n": 6, "like": "digits"}
    assert encode("ab12", name="token") == {"t": "redacted", "of": "str", "n": 4, "like": "hex"}
    assert encode("a@b.example", name="secret")["like"] == "email"
    assert encode(4111111111111111) == {"t": "redacted", "of": "int", "n": 16, "like": "digits"}
    assert encode(b"hunter2", name="password") == {"t": "redacted", "of": "bytes", "n": 7, "like": "text"}
    # What is none, no secret and of use.
    assert encode(None, name="password") is None
    assert encode("", name="password") == ""
    assert encode(False, name="token") is False
    # What a parser calls so.
    assert encode(["name", 1], name="token")["v"] == ["name", 1]


def test_what_is_below_a_secret_name_is_secret() -> None:
    node = encode({"secret": {"value": ["hunter2", 12345, None]}, "other": [1]})
    assert "hunter2" not in json.dumps(node)
    assert "12345" not in json.dumps(node)
    assert node["v"][1][1]["v"] == [1]

    class Session:
        def __init__(self) -> None:
            self.user = "ann"
            self.password = "hunter2"

    text = json.dumps(encode(Session(), name="session"))
    assert "ann" in text
    assert "hunter2" not in text


def test_placeholders_look_like_what_they_replace() -> None:
    assert placeholder("Ab-12 é_3") == "xx-00 x_0"


@dataclasses.dataclass
class Login:
    """Holds a secret by name."""

    user: str
    password: str


def test_a_secret_is_nowhere_in_the_file(lines: Lines) -> None:
    import logging

    secret = "correct horse battery"
    log = logging.getLogger("test.redact")
    log.propagate, log.handlers = False, [logging.NullHandler()]

    def inner(value: str, raw: bytes, seen: list[str]) -> None:  # noqa: ARG001
        raise ValueError(f"not good enough: {value!r}")

    def outer(login: Login, headers: dict[str, str]) -> None:
        try:
            inner(login.password, login.password.encode(), [login.password, headers["Authorization"]])
        except ValueError as error:
            raise RuntimeError("denied") from error

    try:
        outer(Login("ann", secret), {"Authorization": f"Basic {secret}", "Accept": "text/html"})
    except RuntimeError:
        log.exception("login of %s with %s", "ann", secret)
    assert "ann" in lines.text
    assert "text/html" in lines.text
    for part in ("correct", "horse", "battery", "Y29ycmVjdCBob3JzZSBiYXR0ZXJ5"):
        assert part not in lines.text
    assert lines.one()["exceptions"][0]["message"] == "not good enough: 'xxxxxxx xxxxx xxxxxxx'"
    assert lines.one()["log_message"] == "login of ann with xxxxxxx xxxxx xxxxxxx"
    assert lines.arguments("inner")["value"] == {"t": "redacted", "of": "str", "n": 21, "like": "text"}


def _clean(body: bytes, content_type: str = "", *, whole: bool = True) -> Any:
    return clean_body(body, content_type, Redactor().secrets(), whole=whole)


def test_bodies_keep_their_shape() -> None:
    plain = b'{"a": [1,2],  "b": null}'
    assert _clean(plain, "application/json") == plain.decode()
    assert json.loads(_clean(b'{"user": "ann", "password": "hunter2", "card": 411111, "n": 1}')) == {
        "user": "ann",
        "password": "xxxxxx0",
        "card": 100000,
        "n": 1,
    }
    form = _clean(b"user=ann&password=hunter%202&x", "application/x-www-form-urlencoded; charset=utf-8")
    assert form == "user=ann&password=xxxxxx+0&x"
    assert _clean(b"\xff\xfe", "image/png") == b"\xff\xfe"
    assert "hunter2" not in _clean(b'{"user": "ann", "password": "hunter2", "mo', "application/json", whole=False)
    parts = (
        b'--XX\r\nContent-Disposition: form-data; name="user"\r\n\r\nann\r\n'
        b'--XX\r\nContent-Disposition: form-data; name="password"\r\n\r\nhunter2\r\n--XX--\r\n'
    )
    clean = _clean(parts, "multipart/form-data; boundary=XX")
    assert clean == parts.decode().replace("hunter2", "xxxxxx0")


def test_queries_keep_their_shape() -> None:
    secrets = Redactor().secrets()
    assert clean_query("a=1&access_token=hunter2&b=%20x&flag", secrets) == "a=1&access_token=xxxxxx0&b=%20x&flag"


def test_names_are_given_to_install(tmp_path: Path) -> None:
    path = tmp_path / "failures.jsonl"
    capture.install(path, roots=Path(__file__).parent, redact=["plate"], redact_patterns=[r"\bX\d{5}\b"])

    def fails(plate: str, text: str) -> None:  # noqa: ARG001
        raise KeyError

    try:
        logged(lambda: fails("AB-123", "order X12345"))
    finally:
        capture.uninstall()
    assert "AB-123" not in Lines(path).text
    assert "X12345" not in Lines(path).text
