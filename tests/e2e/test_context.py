"""Functions that read the request of their framework, of an application that a test cannot have."""

from __future__ import annotations

from pathlib import Path

from conftest import REPOSITORY, failed

VIEWS = '''"""Readings of gateways."""

from flask import Flask, request


def tenant():
    """Whose gateway it is."""
    return dict(request.headers)["X-Tenant"]


def create_app(store):
    """The application over a store."""
    app = Flask("shop")

    @app.post("/readings")
    def add():
        store.setdefault(tenant(), []).append(request.get_json())
        return {}

    return app
'''

SENT = """
import logging, sys

sys.path.insert(0, SOURCE)
import guwu.capture

guwu.capture.install("logs/guwu-failures.jsonl")
logging.basicConfig(filename="logs/app.log")
from shop.views import create_app

client = create_app({}).test_client()
assert client.post("/readings", json={"kwh": 1}, headers={"X-Tenant": "bakery"}).status_code == 200
assert client.post("/readings?unit=2", json={"kwh": 2}).status_code == 500
""".replace("SOURCE", repr(str(REPOSITORY / "python" / "src")))


def test_a_function_that_reads_flasks_request(tmp_path: Path) -> None:
    shop = failed(tmp_path, "shop/views.py", VIEWS, SENT)
    (group,) = shop.json("scan")["groups"]
    (candidate,) = group["candidates"]
    # Another application than production's may be set up otherwise.
    assert (candidate["strategy"], candidate["tier"]) == ("replay", "draft"), candidate
    assert "with suppress(HTTPException), Flask(__name__).test_request_context(" in candidate["content"]
    assert '"/readings?unit=2",' in candidate["content"]
    shop.turns_green(candidate, "shop/views.py", VIEWS, '["X-Tenant"]', '.get("X-Tenant", "house")')
