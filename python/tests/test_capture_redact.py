"""What is secret is nowhere in the file, and its shape is."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest

from capture_support import Lines, encode, logged
from guwu import capture
from guwu.capture._body import clean_body, clean_query
from guwu.capture._redact import Redactor, is_card, likeness, placeholder, shaped

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
        ("compass", 0), ("spinner", 0), ("shipping", 0), ("authorization_grant_type", 0), ("TOKEN_URL", 0),
        ("password_type_hint", 2), ("url_token", 2),
    ],
)  # fmt: skip
def test_names(name: str, weight: int) -> None:
    assert Redactor().weight(name) == weight


def test_more_names_and_patterns_can_be_given() -> None:
    redactor = Redactor(["national_id", "webhook_url"], [r"EMP-\d+"], emails=True)
    assert redactor.weight("nationalId") == 2
    assert redactor.weight("webhookUrl") == 2
    secrets = redactor.secrets()
    assert secrets.clean("it was EMP-12345, annabel@example.com") == "it was xxx-00001, xxxxxxx@example.com"
    assert secrets.clean("EMP-1") == "xxx-2"
    assert Redactor().secrets().clean("ann@example.com") == "ann@example.com"


@pytest.mark.parametrize(
    ("header", "clean"),
    [
        ("Bearer hunter2.ab-1", "Bearer xxxxxx0.xx-0"),
        (f"bearer {JWT}", f"bearer {re.sub('[0-9]', '0', re.sub('[A-Za-z]', 'x', JWT))}"),
        ("Token hunter2", "Token xxxxxx0"),
        ("hunter2", "xxxxxx0"),
        ('Digest username="ann", qop=auth, nc=00000001', 'Digest username="xxx", qop=xxxy, nc=10000002'),
        ("Basic not base64!", "Basic xxx xxxx00!"),
        ("Basic", "xxxxx"),
        ("", ""),
    ],
)
def test_credentials(header: str, clean: str) -> None:
    assert Redactor().secrets().credentials(header) == clean


@pytest.mark.parametrize(
    ("raw", "hidden"),
    [
        (b"ann:hunter-2", b"xxx:xxxxxx-0"),
        (b"ann", b"xxx"),
        (":£5".encode(), ":é0".encode()),
        ("名:pw".encode(), "一:xx".encode()),
        # What is no UTF-8 is none afterwards.
        (b"jos\xe9:pw", b"xxx\xe9:xx"),
        (b"\xff\xfe:\x80", b"\xe9\xe9:\xe9"),
        (b"", b""),
    ],
)
def test_basic_credentials(raw: bytes, hidden: bytes) -> None:
    clean = Redactor().secrets().credentials("Basic " + base64.b64encode(raw).decode())
    assert base64.b64decode(clean.split(" ")[1]) == hidden


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"got {JWT} from", JWT[10:30]),
        (f"paid with {CARD}.", "1111"),
        (KEY, "MIIEpAIBAAKCAQEAxyz"),
        ("Authorization: Bearer abcdef123456", "abcdef"),
        ("Authorization: Basic YW5uOmh1bnRlcjI=", "YW5uOmh1"),
        ("postgres://app:hunter2@db/x", "hunter2"),
        ("login(password='hunter2')", "hunter2"),
        ('{"password": "hunter2"}', "hunter2"),
        ("a=1&token=hunter2&b=2", "hunter2"),
        ("url=https://db/x?token=hunter2", "hunter2"),
        ("sent to https://db/x?a=1&token=hunter2", "hunter2"),
        ("config: 'mode=a;password=hunter2'", "hunter2"),
        ("bad https://db/x?api_key=hunter2", "hunter2"),
        ("error: password: hunter2", "hunter2"),
        ("key ghp_abcdefghijklmnop1234", "abcdefghij"),
        ("AKIAABCDEFGHIJKLMNOP", "ABCDEFGHIJ"),
    ],
)
def test_texts(text: str, secret: str) -> None:
    clean = Redactor().secrets().clean(text)
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
    assert Redactor().secrets().clean(text) == text


def test_cards_have_an_issuer_and_a_check_digit() -> None:
    assert is_card("4111111111111111")
    assert is_card("378282246310005")
    assert not is_card("4111111111111112")
    assert not is_card("1700000000000")


def test_redacted_values_keep_type_length_and_look() -> None:
    assert encode("hunter2", name="password") == {"t": "redacted", "of": "str", "n": 7, "like": "text", "v": 1}
    assert encode("123456", name="otp") == {"t": "redacted", "of": "str", "n": 6, "like": "digits", "v": 1}
    assert encode("ab12", name="token") == {"t": "redacted", "of": "str", "n": 4, "like": "hex", "v": 1}
    assert encode("a@b.example", name="secret")["like"] == "email"
    assert encode("pässwört", name="secret")["like"] == "latin"
    assert encode("пароль☃", name="secret") == {"t": "redacted", "of": "str", "n": 7, "like": "wide", "v": 1}
    assert encode("пароль".encode(), name="secret")["like"] == "text"
    assert encode(4111111111111111) == {"t": "redacted", "of": "int", "n": 16, "like": "digits", "v": 1}
    assert encode(b"hunter2", name="password") == {"t": "redacted", "of": "bytes", "n": 7, "like": "text", "v": 1}
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
    assert shaped("Ab-12 é_3", 1) == "xx-00 x_0"
    assert shaped("Ab-12 é_3", 14) == "xx-00 y_3"
    assert shaped("--", 3) == "--"
    for like, size, number, expected in (
        ("text", 7, 1, "xxxxxxx"),
        ("text", 7, 2, "xxxxxxy"),
        ("text", 7, 27, "xxxxxyx"),
        ("text", 1, 28, "y"),
        ("text", 0, 2, ""),
        ("digits", 6, 1, "100000"),
        ("digits", 6, 13, "100012"),
        ("digits", 1, 2, "1"),
        ("digits", 0, 2, ""),
        ("hex", 4, 1, "0000"),
        ("hex", 4, 17, "0010"),
        ("email", 16, 2, "xxxy@example.com"),
        ("email", 12, 2, "xxxxxxxxxxxy"),
        ("latin", 4, 2, "éxxy"),
        ("wide", 4, 28, "一xyy"),
        ("wide", 1, 28, "一"),
        ("wide", 0, 28, ""),
    ):
        assert placeholder(like, size, number) == expected


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
    value = lines.arguments("inner")["value"]
    assert (value["n"], value["like"]) == (21, "text")
    stand_in = placeholder("text", 21, value["v"])
    assert lines.one()["exceptions"][0]["message"] == f"not good enough: '{stand_in}'"
    assert lines.one()["log_message"] == f"login of ann with {stand_in}"


def test_the_name_of_a_secret_is_none(lines: Lines) -> None:
    import logging

    log = logging.getLogger("test.redact")
    log.propagate, log.handlers = False, [logging.NullHandler()]

    def login(data: dict[str, str], password_field: str) -> None:
        raise KeyError(f"no user for {password_field!r}: {len(data)}")

    try:
        login({"user": "ann", "password": "correct horse"}, "password")
    except KeyError:
        log.exception("login failed")
    assert "correct" not in lines.text
    data = lines.arguments("login")["data"]
    assert [pair[0] for pair in data["v"]] == ["user", "password"]
    assert data["v"][1][1]["t"] == "redacted"


def test_a_secret_has_the_same_placeholder_wherever_it_is_and_no_other_secret_has_it(lines: Lines) -> None:
    secrets = {"password": "hunter2", "api_key": "dragon7", "pin": 4321}

    def login(user: str, password: str, given: dict[str, Any]) -> None:
        raise ValueError(f"password={password} is not {given['api_key']} of {user}, nor {given}")

    logged(lambda: login("ann", secrets["password"], secrets))  # type: ignore[arg-type]
    text = lines.text
    assert not any(secret in text for secret in ("hunter2", "dragon7", "4321"))
    values = lines.arguments("login")
    held = dict(values["given"]["v"])
    numbers = [held[name]["v"] for name in secrets]
    assert len(set(numbers)) == 3
    assert held["password"] == values["password"]
    stand_ins = {
        name: placeholder(held[name]["like"], held[name]["n"], held[name]["v"])
        for name in ("password", "api_key", "pin")
    }
    assert likeness(stand_ins["pin"]) == "digits"
    made = {**stand_ins, "pin": int(stand_ins["pin"])}
    with pytest.raises(ValueError, match="is not") as raised:
        login("ann", stand_ins["password"], made)
    # What the test would say, which calls the same with the placeholders.
    assert lines.one()["exceptions"][0]["message"] == str(raised.value)


def _clean(body: bytes, content_type: str = "", *, whole: bool = True) -> Any:
    return clean_body(body, content_type, Redactor().secrets(), whole=whole)


def test_bodies_keep_their_shape() -> None:
    plain = b'{"a": [1,2],  "b": null}'
    assert _clean(plain, "application/json") == plain.decode()
    assert json.loads(_clean(b'{"user": "ann", "password": "hunter2", "card": 411111, "n": 1}')) == {
        "user": "ann",
        "password": "xxxxxxx",
        "card": 100001,
        "n": 1,
    }
    form = _clean(b"user=ann&password=hunter%202&x", "application/x-www-form-urlencoded; charset=utf-8")
    assert form == "user=ann&password=xxxxxxxx&x"
    assert _clean(b"\xff\xfe", "image/png") == b"\xff\xfe"
    assert "hunter2" not in _clean(b'{"user": "ann", "password": "hunter2", "mo', "application/json", whole=False)
    parts = (
        b'--XX\r\nContent-Disposition: form-data; name="user"\r\n\r\nann\r\n'
        b'--XX\r\nContent-Disposition: form-data; name="password"\r\n\r\nhunter2\r\n--XX--\r\n'
    )
    clean = _clean(parts, "multipart/form-data; boundary=XX")
    assert clean == parts.decode().replace("hunter2", "xxxxxxx")


def test_queries_keep_their_shape() -> None:
    secrets = Redactor().secrets()
    assert clean_query("a=1&access_token=hunter2&b=%20x&flag", secrets) == "a=1&access_token=xxxxxxx&b=%20x&flag"


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


def test_what_credentials_hold_is_hidden_there_but_an_address_is_no_secret_elsewhere(lines: Lines) -> None:
    target = "/o/authorize/?client_id=wiki&token=tok-hunter2"

    def answer(credentials: dict[str, str], url: str, path: str, opener: str, kind: str) -> None:  # noqa: ARG001
        raise ValueError(f"cannot answer {url}")

    def ask() -> None:
        credentials = {"uri": target, "path": "/o/authorize/", "key": "hunter2-key", "kind": "confidential"}
        answer(credentials, target, "/o/authorize/", "hunter2-key", "confidential")

    logged(ask)
    values = lines.arguments("answer")
    assert {value["t"] for _, value in values["credentials"]["v"]} == {"redacted"}
    assert values["path"] == "/o/authorize/"
    assert values["kind"] == "confidential"
    assert values["opener"]["t"] == "redacted"
    start = "/o/authorize/?client_id=wiki&token="
    assert values["url"].startswith(start)
    assert lines.one()["exceptions"][-1]["message"].startswith(f"cannot answer {start}")
    assert "hunter2" not in lines.text
