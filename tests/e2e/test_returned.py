"""What calls had returned in production stands in for calls that a test does not come back from, and for no others."""

from __future__ import annotations

from pathlib import Path

from conftest import failed, served

CAPTURED = served({"/a-1": {"id": "a-1", "password": "correct horse", "lines": [{"grams": 10}]}}) + """

def logged(function):
    try:
        function()
    except Exception:
        logging.getLogger("shop").exception("failed")

"""

ENDED = """
server.shutdown()
server.server_close()
"""

PARCELS = '''"""Parcels, of which another service knows the lines."""

import json
from urllib.request import urlopen


def note(reference):
    """What is said of a parcel."""
    return {"reference": reference.upper()}


class Carrier:
    """The service."""

    def __init__(self, url):
        self.url = url

    def parcel(self, reference, *, tries=1):
        """What it says of a parcel."""
        with urlopen(f"{self.url}/{reference}") as reply:
            return json.load(reply)

    async def parcel_soon(self, reference):
        """The same."""
        return self.parcel(reference)


class Weights:
    """What parcels weigh."""

    def __init__(self, carrier):
        self.carrier = carrier

    def of(self, reference):
        """The weight of a parcel."""
        remark = note(reference)
        parcel = self.carrier.parcel(
            reference,
            tries=2,
        )
        return remark, sum(line["weight"] for line in parcel["lines"])

    async def soon(self, reference):
        """The same."""
        parcel: dict = await self.carrier.parcel_soon(reference)
        return [line["weight"] for line in parcel["lines"]]
'''

WEIGHED = """
from shop.parcels import Carrier, Weights

weights = Weights(Carrier(URL))
logged(lambda: weights.of("a-1"))
"""

WEIGHED_SOON = """
from shop.parcels import Carrier, Weights

weights = Weights(Carrier(URL))
logged(lambda: asyncio.run(weights.soon("a-1")))
"""


def test_what_another_service_had_answered(tmp_path: Path) -> None:
    shop = failed(tmp_path, "shop/parcels.py", PARCELS, CAPTURED + WEIGHED + ENDED)
    assert "correct horse" not in (shop.root / "logs" / "guwu-failures.jsonl").read_text()
    (group,) = shop.json("scan")["groups"]
    (candidate,) = group["candidates"]
    # Whether the service should have answered so, the test can not tell.
    assert (candidate["strategy"], candidate["tier"]) == ("replay", "draft"), candidate
    assert "answers-given" in {evidence["name"] for evidence in candidate["evidence"]}
    assert 'monkeypatch.setattr("shop.parcels.Carrier.parcel", Mock(' in candidate["content"]
    assert "Weights(carrier=Carrier(url=" in candidate["content"]
    # What comes back by itself is run.
    assert "shop.parcels.note" not in candidate["content"]
    shop.turns_green(candidate, "shop/parcels.py", PARCELS, 'sum(line["weight"]', 'sum(line.get("weight", 0)')


def test_what_was_awaited(tmp_path: Path) -> None:
    shop = failed(tmp_path, "shop/parcels.py", PARCELS, CAPTURED + WEIGHED_SOON + ENDED)
    (group,) = shop.json("scan")["groups"]
    (candidate,) = group["candidates"]
    assert candidate["tier"] == "draft", candidate
    assert 'monkeypatch.setattr("shop.parcels.Carrier.parcel_soon", AsyncMock(' in candidate["content"]
    shop.turns_green(candidate, "shop/parcels.py", PARCELS, '[line["weight"] for', '[line.get("weight") for')


METERS = '''"""Readings of meters, from a file that somebody leaves."""

import os
from pathlib import Path

from flask import Flask

app = Flask(__name__)


def rows():
    """The readings of the last file."""
    return [line.split(";") for line in Path(os.environ["METERS"]).read_text().splitlines()]


def total(unit):
    """What the meters of a unit have counted."""
    found = rows()
    return sum(float(value) for _, of, value in found if of == unit)


@app.get("/meters/<unit>")
def meters(unit):
    """The total of a unit."""
    return {"total": total(unit)}
'''

READ = """
from shop.meters import app

with tempfile.TemporaryDirectory() as folder:
    os.environ["METERS"] = folder + "/readings.csv"
    with open(os.environ["METERS"], "w") as file:
        file.write("m1;kwh;10.5\\nm2;kwh;1,5\\nm3;l;3")
    app.test_client().get("/meters/kwh")
"""


def test_a_file_that_is_gone_in_a_request(tmp_path: Path) -> None:
    shop = failed(tmp_path, "shop/meters.py", METERS, CAPTURED + READ + ENDED)
    (group,) = shop.json("scan")["groups"]
    (candidate,) = group["candidates"]
    assert (candidate["strategy"], candidate["tier"]) == ("request", "draft"), candidate
    assert '"shop.meters.rows"' in candidate["content"]
    assert '["m2", "kwh", "1,5"]' in candidate["content"]
    shop.turns_green(candidate, "shop/meters.py", METERS, "float(value)", 'float(value.replace(",", "."))')


STORE = '''"""Orders in a database of the application's own."""

import os
import sqlite3


class Order:
    """One order."""

    def __init__(self, number, customer):
        self.number = number
        self.customer = customer


class Orders:
    """What is stored of orders."""

    def __init__(self, path):
        self.connection = sqlite3.connect(path)
        self.connection.execute("create table if not exists orders (number, customer)")

    def add(self, number, customer):
        """Store an order."""
        self.connection.execute("insert into orders values (?, ?)", (number, customer))

    def find(self, number):
        """The order of that number, or a new one."""
        found = self.connection.execute("select customer from orders where number = ?", (number,)).fetchone()
        return Order(number, found[0] if found else "nobody")


ORDERS = Orders(os.environ.get("ORDERS", ":memory:"))


def greeting(number):
    """What is written to a customer."""
    order = ORDERS.find(number)
    family = order.customer.split(" ")
    if order.customer == "nobody":
        return ""
    return "Dear " + family[1]
'''

GREETED = """
from shop.store import ORDERS, greeting

ORDERS.add(1, "Ada Lovelace")
ORDERS.add(2, "Plato")
assert greeting(1) == "Dear Lovelace"
logged(lambda: greeting(2))
"""


def test_a_call_that_returns_something_else_in_a_test(tmp_path: Path) -> None:
    shop = failed(tmp_path, "shop/store.py", STORE, CAPTURED + GREETED + ENDED)
    (group,) = shop.json("scan")["groups"]
    (candidate,) = group["candidates"]
    assert (candidate["strategy"], candidate["tier"]) == ("replay", "draft"), candidate
    assert 'monkeypatch.setattr("shop.store.Orders.find", Mock(' in candidate["content"]
    assert 'Order(' in candidate["content"] and '"Plato"' in candidate["content"]
    shop.turns_green(candidate, "shop/store.py", STORE, "family[1]", "family[-1]")
