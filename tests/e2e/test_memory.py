"""What an application held in memory when it failed: entries, objects, queues that earlier calls had left there."""

from __future__ import annotations

from pathlib import Path

from conftest import REPOSITORY, failed

CAPTURED = """
import logging, sys

sys.path.insert(0, SOURCE)
import guwu.capture

guwu.capture.install("logs/guwu-failures.jsonl")
logging.basicConfig(filename="logs/app.log")
""".replace("SOURCE", repr(str(REPOSITORY / "python" / "src")))

ORDERS = '''"""Orders of a shop that keeps them in memory."""

from flask import Flask, request


class Order:
    """What a customer wants."""

    def __init__(self, number, lines):
        self.number = number
        self.lines = lines


class Orders:
    """All of them."""

    def __init__(self):
        self._orders = {}
        self._currency = None

    def add(self, lines):
        """Keep a new one."""
        order = Order(len(self._orders) + 1, lines)
        self._orders[order.number] = order
        return order

    def settle(self, currency):
        """Set what all of them are paid in."""
        self._currency = currency

    def find(self, number):
        """Find one; None where there is none."""
        return self._orders.get(number)

    def total(self, number):
        """What one costs."""
        prices = [line["price"] for line in self.find(number).lines]
        return f"{sum(prices) * RATES[self._currency] / len(prices)} {self._currency}"


orders = Orders()
RATES = {"EUR": 1.0}
app = Flask("shop")


@app.post("/orders")
def create():
    return {"number": orders.add(request.get_json()).number}


@app.get("/orders/<int:number>")
def show(number):
    if request.args.get("for") is None or orders.find(number) is None:
        return {"error": "no such order"}, 404
    return {"total": orders.total(number), "for": request.args.get("for")}
'''

ASKED = """
from shop.orders import app, orders

orders.settle("EUR")
client = app.test_client()
client.post("/orders", json=[{"price": 2}])
client.post("/orders", json=[])
assert client.get("/orders/1?for=Ann").status_code == 200
assert client.get("/orders/2?for=Bob").status_code == 500
"""


def test_a_request_finds_what_requests_before_it_had_left(tmp_path: Path) -> None:
    shop = failed(tmp_path, "shop/orders.py", ORDERS, CAPTURED + ASKED)
    groups = [group for group in shop.json("scan")["groups"] if "ZeroDivisionError" in group["title"]]
    (candidate,) = [candidate for group in groups for candidate in group["candidates"]]
    assert (candidate["strategy"], candidate["tier"]) == ("request", "create"), candidate
    content = candidate["content"]
    assert "monkeypatch.setitem(orders._orders, 2, Order(number=2, lines=[]))" in content
    assert 'monkeypatch.setattr(orders, "_currency", "EUR")' in content
    # What importing the module makes is not put there again.
    assert "RATES" not in content
    shop.turns_green(candidate, "shop/orders.py", ORDERS, "/ len(prices)", "/ max(len(prices), 1)")


JOBS = '''"""Jobs of a worker."""

WAITING = []
_settings = None


class Settings:
    """How jobs are done."""

    def __init__(self, factor):
        self.factor = factor


class Handlers:
    """Who does which."""

    known = {}

    @classmethod
    def register(cls, kind, handler):
        """Keep who does a kind."""
        cls.known[kind] = handler


def configure(factor):
    """Set how jobs are done."""
    global _settings
    _settings = Settings(factor)


def half(value):
    """Half of it."""
    return value / 2 if value else None


def work():
    """Do the next job; it stays where it is until it is done."""
    kind, value = WAITING[0]
    result = Handlers.known[kind](value) * _settings.factor
    del WAITING[0]
    return result
'''

WORKED = """
from shop import jobs

jobs.configure(3)
jobs.Handlers.register("half", jobs.half)
jobs.WAITING.append(("half", None))
try:
    jobs.work()
except TypeError:
    logging.getLogger("shop").exception("not done")
"""


def test_a_call_finds_what_modules_and_classes_held(tmp_path: Path) -> None:
    shop = failed(tmp_path, "shop/jobs.py", JOBS, CAPTURED + WORKED)
    (group,) = shop.json("scan")["groups"]
    (candidate,) = group["candidates"]
    assert (candidate["strategy"], candidate["tier"]) == ("replay", "create"), candidate
    content = candidate["content"]
    assert 'monkeypatch.setattr("shop.jobs.WAITING", [("half", None)])' in content
    assert 'monkeypatch.setitem(Handlers.known, "half", half)' in content
    assert 'monkeypatch.setattr("shop.jobs._settings", Settings(factor=3))' in content
    shop.turns_green(candidate, "shop/jobs.py", JOBS, "if value else None", "if value else 0")
