"""Requests of which only the log tells: their bodies are found by sending many, what swallowed the failure is watched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY, Project, failed

FLASK = '''"""Orders of a shop."""

from flask import Flask, request

app = Flask(__name__)


@app.post("/orders")
def order():
    """Takes an order."""
    body = request.get_json()
    for name in ("customer", "lines"):
        if name not in body:
            return {"error": f"`{name}` is missing"}, 400
    return {"heaviest": max(line["weight"] for line in body["lines"])}
'''

FASTAPI = '''"""Orders of a shop."""

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Line(BaseModel):
    """A line of an order."""

    weight: float


class Order(BaseModel):
    """What is ordered."""

    customer: str
    lines: list[Line]


@app.post("/orders")
def take(order: Order):
    """Takes an order."""
    return {"heaviest": max(line.weight for line in order.lines)}
'''

# As a server logs it: the body stands nowhere.
PRODUCTION = '''
import logging

logging.basicConfig(filename="logs/app.log", format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)

from shop.orders import app

access = logging.getLogger("access")
if hasattr(app, "test_client"):
    client = app.test_client()
else:
    from fastapi.testclient import TestClient

    client = TestClient(app)

for body in ({"customer": "a", "lines": [{"weight": 2.5}]}, {"customer": "b"}, {"customer": "c", "lines": []}):
    status = 500
    try:
        status = client.post("/orders", json=body).status_code
    except ValueError:
        logging.getLogger("server").exception("Exception in ASGI application")
    access.info('10.0.0.7 "POST /orders HTTP/1.1" %d', status)
'''


@pytest.mark.parametrize("source", [FLASK, FASTAPI], ids=["flask", "fastapi"])
def test_the_body_of_a_request_is_found(tmp_path: Path, source: str) -> None:
    """Keys come from what is answered, from the code and its models; no lines are what makes it fail."""
    shop = failed(tmp_path, "shop/orders.py", source, PRODUCTION)
    (candidate,) = candidates(shop)
    assert (candidate["strategy"], candidate["tier"]) == ("request", "draft"), candidate
    text = candidate["content"]
    assert re.search(r'client\.post\("/orders", json=\{.*"lines": (\[\]|""|\{\})', text), text
    empty = source.replace('body["lines"])}', 'body["lines"] or [{"weight": 0}])}')
    assert_is_red_until(shop, text, empty.replace("for line in order.lines)", "for line in order.lines or [Line(weight=0)])"))


STOCK = '''"""What is in stock; filled while the program runs."""

from flask import Flask

app = Flask(__name__)
ITEMS = {}


def tag(item):
    """The price tag."""
    return "%.2f EUR" % item["price"]


@app.get("/items/<int:number>")
def show(number):
    """Tells the price."""
    if number not in ITEMS:
        return {"error": "not there"}, 404
    return {"tag": tag(ITEMS[number])}
'''

STOCK_PRODUCTION = '''
import logging

logging.basicConfig(filename="logs/app.log", format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)

from shop import stock

stock.ITEMS.update({7: {"price": 12.5}, 8: {"price": None}})
for number in (7, 8):
    stock.app.test_client().get(f"/items/{number}")
'''


def test_a_request_that_never_came_there_is_not_taken_for_mended(tmp_path: Path) -> None:
    """In production other things were in stock: the answer 404 proves nothing, and the search goes on."""
    shop = failed(tmp_path, "shop/stock.py", STOCK, STOCK_PRODUCTION)
    (candidate,) = candidates(shop)
    assert candidate["strategy"] in ("replay", "search"), candidate
    assert "tag(" in candidate["content"] and "None" in candidate["content"], candidate["content"]


SWALLOWED = '''"""Points of customers."""

import logging

from flask import Flask, request

app = Flask(__name__)
log = logging.getLogger("points")


@app.post("/points")
def add():
    """Adds points; whatever happens, the till goes on."""
    try:
        body = request.get_json()
        return {"points": int(body["amount"] // body["rate"])}
    except Exception:
        log.exception("points not added")
        return {"points": 0}
'''

SWALLOWED_PRODUCTION = f'''
import logging
import sys

sys.path.insert(0, {str(REPOSITORY / "python" / "src")!r})

import guwu.capture

logging.basicConfig(filename="logs/app.log", format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)
guwu.capture.install("logs/guwu-failures.jsonl")

from shop.points import app

for rate in (4, 0):
    app.test_client().post("/points", json={{"amount": 20, "rate": rate}})
'''


def test_what_a_view_swallows_is_looked_for_in_the_log(tmp_path: Path) -> None:
    """The answer was 200; the test is red for what was logged, and green once nothing is."""
    shop = failed(tmp_path, "shop/points.py", SWALLOWED, SWALLOWED_PRODUCTION)
    (candidate,) = candidates(shop)
    assert (candidate["strategy"], candidate["tier"]) == ("request", "create"), candidate
    assert "assert not swallowed" in candidate["content"], candidate["content"]
    assert_is_red_until(shop, candidate["content"], SWALLOWED.replace('// body["rate"]', '// (body["rate"] or 1)'))


SITE = '''"""A site: settings, addresses and the one page in a module."""

from django.http import JsonResponse
from django.urls import path

SECRET_KEY = "not one"
ROOT_URLCONF = "shop.site"
INSTALLED_APPS = []
ALLOWED_HOSTS = ["*"]


def movements(request):
    """A page of what went in and out."""
    size = int(request.GET.get("size", "20"))
    return JsonResponse({"pages": 60 // size})


urlpatterns = [path("movements/", movements)]
'''

SITE_PRODUCTION = '''
import logging
import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "shop.site"
logging.basicConfig(filename="logs/app.log", format="[%(levelname)s] %(asctime)s %(name)s: %(message)s", level=logging.INFO)
django.setup()
logging.getLogger("django").propagate = True

from django.test import Client

access = logging.getLogger("gunicorn.access")
if OWN_LOG:
    access.propagate = False
    access.addHandler(logging.FileHandler("logs/access.log"))
    shape = logging.Formatter("10.0.0.4 - - [%(asctime)s +0000] %(message)s", "%d/%b/%Y:%H:%M:%S")
    access.handlers[0].setFormatter(shape)

client = Client(raise_request_exception=False)
for query in ("", *("?size=5",) * 10, "?size=0", "?size=7"):
    status = client.get("/movements/" + query).status_code
    access.info('"GET /movements/%s HTTP/1.1" %d 27', query, status)
'''


@pytest.mark.parametrize("own_log", [False, True], ids=["same-log", "own-log"])
def test_the_access_line_tells_the_query_that_the_failing_record_leaves_out(tmp_path: Path, own_log: bool) -> None:
    """Django logs `Internal Server Error: /movements/`; without the query the page is well."""
    shop = failed(tmp_path, "shop/site.py", SITE, SITE_PRODUCTION.replace("OWN_LOG", str(own_log)))
    (candidate,) = candidates(shop)
    assert (candidate["strategy"], candidate["tier"]) == ("request", "create"), candidate
    assert '.get("/movements/?size=0")' in candidate["content"], candidate["content"]
    assert_is_red_until(shop, candidate["content"], SITE.replace("60 // size", "60 // (size or 1)"))


def candidates(project: Project) -> list[dict[str, Any]]:
    """What a scan kept for the one group."""
    (group,) = project.json("scan")["groups"]
    return list(group["candidates"])


def assert_is_red_until(project: Project, text: str, fixed: str) -> None:
    """The test fails today and passes once the module is mended."""
    test = project.root / "tests" / "test_found.py"
    test.write_text(text)
    red = project.pytest("tests/test_found.py")
    assert red.returncode == 1, red.stdout
    (module,) = (path for path in (project.root / "shop").glob("*.py") if path.name != "__init__.py")
    module.write_text(fixed)
    green = project.pytest("tests/test_found.py")
    assert green.returncode == 0, green.stdout
