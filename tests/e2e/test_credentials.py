"""Requests with credentials: the test sends some of the same form, and neither it nor the capture tells them."""

from __future__ import annotations

from pathlib import Path

from conftest import REPOSITORY, failed

SHOP = '''"""Orders of a shop, for those who log in."""

from base64 import b64decode

from flask import Flask, Response, request

app = Flask("shop")
USERS = {"ann": "mean-9-secrets"}


@app.before_request
def check():
    """Answer 401 to those whom nobody knows."""
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    name, _, word = b64decode(sent).decode().partition(":")
    if scheme != "Basic" or USERS.get(name) != word:
        return Response("who?", 401)


@app.get("/orders")
def orders():
    return "none"
'''
FIXED = ("b64decode(sent).decode()", 'b64decode(sent).decode(errors="replace")')

PRODUCTION = """
import base64, logging, sys

sys.path.insert(0, CAPTURE)
import guwu.capture

guwu.capture.install("logs/guwu-failures.jsonl")
logging.basicConfig(filename="logs/app.log", level="INFO", format="%(asctime)s %(levelname)s %(name)s: %(message)s")

from shop.orders import app

client = app.test_client()


def status(login):
    return client.get("/orders", headers={"Authorization": "Basic " + base64.b64encode(login).decode()}).status_code


assert status(b"ann:mean-9-secrets") == 200
assert client.get("/orders").status_code == 401
assert status(LOGIN) == 500
"""
LOGIN = "josé:oh-so-4-hidden".encode("latin-1")


def test_what_a_parser_of_credentials_stumbles_over_is_kept(tmp_path: Path) -> None:
    program = PRODUCTION.replace("CAPTURE", repr(str(REPOSITORY / "python" / "src"))).replace("LOGIN", repr(LOGIN))
    shop = failed(tmp_path, "shop/orders.py", SHOP, program)
    (group,) = shop.json("scan")["groups"]
    (candidate,) = group["candidates"]
    assert (candidate["strategy"], candidate["tier"]) == ("request", "create"), candidate
    written = candidate["content"] + (shop.root / "logs" / "guwu-failures.jsonl").read_text(encoding="utf-8")
    for secret in ("oh-so-4", "jos", "am9z", "mean-9"):
        assert secret not in written
    test = shop.root / "tests" / "test_found.py"
    test.write_text(candidate["content"])
    assert shop.pytest("tests/test_found.py").returncode == 1
    (shop.root / "shop" / "orders.py").write_text(SHOP.replace(*FIXED))
    green = shop.pytest("tests/test_found.py")
    assert green.returncode == 0, green.stdout
