"""What other services had answered: a real server on the loopback answers in production, nobody does in the test."""

from __future__ import annotations

from pathlib import Path

from conftest import failed, served

CAPTURED = served(
    {
        "/v1/rates": {"base": "EUR", "rates": {"USD": 1.1}, "token": "correct horse battery"},
        "/v1/names": {"USD": "dollar", "SEK": "krona, på svenska"},
    }
)

RATES = '''"""Rates of exchange, asked from a service."""

import requests


class Rates:
    """What a service says."""

    def __init__(self, url):
        self.url = url
        self.session = requests.Session()

    def of(self, currency):
        """The rate of a currency, with its name."""
        answer = self.session.get(f"{self.url}/v1/rates", params={"base": "EUR"}, timeout=5)
        names = requests.get(f"{self.url}/v1/names", timeout=5)
        answer.raise_for_status()
        return names.json()[currency], answer.json()["rates"][currency]
'''

ASKED = """
from shop.rates import Rates

assert Rates(URL).of("USD") == ("dollar", 1.1)
try:
    Rates(URL).of("SEK")
except KeyError:
    logging.getLogger("shop").exception("no rate")
server.shutdown()
server.server_close()
"""


def test_requests_gets_the_answers_that_production_had(tmp_path: Path) -> None:
    shop = failed(tmp_path, "shop/rates.py", RATES, CAPTURED + ASKED)
    assert "correct horse" not in (shop.root / "logs" / "guwu-failures.jsonl").read_text()
    (group,) = shop.json("scan")["groups"]
    (candidate,) = group["candidates"]
    assert (candidate["strategy"], candidate["tier"]) == ("replay", "create"), candidate
    assert 'monkeypatch.setattr("requests.adapters.HTTPAdapter.send", requests_replies({' in candidate["content"]
    shop.turns_green(candidate, "shop/rates.py", RATES, '["rates"][currency]', '["rates"].get(currency)')


WEATHER = '''"""The weather of the shop's town, asked from a service."""

import os

import httpx
from fastapi import FastAPI

app = FastAPI()


@app.get("/weather")
async def weather():
    async with httpx.AsyncClient() as client:
        answer = await client.get(os.environ.get("WEATHER_URL", "https://weather.invalid") + "/v1/rates")
    return {"wind": answer.json()["wind"]["speed"]}
'''

BLOWN = """
import os

os.environ["WEATHER_URL"] = URL
from fastapi.testclient import TestClient
from shop.weather import app

try:
    TestClient(app).get("/weather")
except KeyError:
    logging.getLogger("shop").exception("no weather")
server.shutdown()
server.server_close()
"""


def test_httpx_gets_the_answers_that_production_had(tmp_path: Path) -> None:
    shop = failed(tmp_path, "shop/weather.py", WEATHER, CAPTURED + BLOWN)
    (group,) = shop.json("scan")["groups"]
    (candidate,) = group["candidates"]
    assert candidate["tier"] == "create", candidate
    assert "async def handle(transport, request):" in candidate["content"]
    assert "httpx.HTTPTransport" not in candidate["content"]
    shop.turns_green(candidate, "shop/weather.py", WEATHER, '["wind"]["speed"]', '.get("wind", {}).get("speed")')


STOCK = '''"""What a warehouse has, asked from a service."""

import aiohttp


class Warehouse:
    """What a service says."""

    def __init__(self, url):
        self.url = url

    async def rate(self, currency):
        """The rate of a currency, with its name."""
        async with aiohttp.ClientSession(self.url, raise_for_status=True) as session:
            async with session.get("/v1/names") as names:
                name = (await names.json())[currency]
            async with session.get("/v1/rates", params={"base": "EUR"}) as rates:
                body = await rates.json()
        return name, body["rates"][currency]
'''

COUNTED = """
from shop.stock import Warehouse

assert asyncio.run(Warehouse(URL).rate("USD")) == ("dollar", 1.1)
try:
    asyncio.run(Warehouse(URL).rate("SEK"))
except KeyError:
    logging.getLogger("shop").exception("no rate")
server.shutdown()
server.server_close()
"""


def test_aiohttp_gets_the_answers_that_production_had(tmp_path: Path) -> None:
    shop = failed(tmp_path, "shop/stock.py", STOCK, CAPTURED + COUNTED)
    assert "correct horse" not in (shop.root / "logs" / "guwu-failures.jsonl").read_text()
    (group,) = shop.json("scan")["groups"]
    (candidate,) = group["candidates"]
    assert (candidate["strategy"], candidate["tier"]) == ("replay", "create"), candidate
    assert 'monkeypatch.setattr("aiohttp.ClientSession._request", aiohttp_replies({' in candidate["content"]
    shop.turns_green(candidate, "shop/stock.py", STOCK, '["rates"][currency]', '["rates"].get(currency)')
