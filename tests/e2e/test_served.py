"""Applications that speak HTTP themselves, aiohttp's and Tornado's: a test serves them for as long as one request takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import REPOSITORY, Project, failed

AIOHTTP = '''"""Orders of a shop."""

from aiohttp import web


async def total(request):
    """What an order costs on average."""
    order = await request.json()
    lines = order["lines"]
    return web.json_response({"mean": sum(line["price"] for line in lines) / len(lines)})


async def make_app():
    """Return the application."""
    app = web.Application()
    app.router.add_post("/orders/total", total)
    return app


async def listen(socket):
    """Serve it."""
    runner = web.AppRunner(await make_app())
    await runner.setup()
    await web.SockSite(runner, socket).start()
'''

TORNADO = '''"""Orders of a shop."""

import json

from tornado import httpserver, web


class Total(web.RequestHandler):
    """What an order costs on average."""

    def post(self):
        """Answer."""
        order = json.loads(self.request.body)
        lines = order["lines"]
        self.write({"mean": sum(line["price"] for line in lines) / len(lines)})


def make_app():
    """Return the application."""
    return web.Application([("/orders/total", Total)])


async def listen(socket):
    """Serve it."""
    socket.setblocking(False)
    httpserver.HTTPServer(make_app()).add_socket(socket)
'''

SOURCES = {"aiohttp": AIOHTTP, "tornado": TORNADO}
FIXED = ("/ len(lines)", "/ max(len(lines), 1)")

#: Two requests by the socket; the second has no lines.
PRODUCTION = """
import asyncio, json, logging, socket, sys

if CAPTURE:
    sys.path.insert(0, CAPTURE)
    import guwu.capture

    guwu.capture.install("logs/guwu-failures.jsonl")
logging.basicConfig(filename="logs/app.log", level="INFO", format="%(asctime)s %(levelname)s %(name)s: %(message)s")

from shop.orders import listen


async def ask(address, order):
    body = json.dumps(order).encode()
    reader, writer = await asyncio.open_connection(*address)
    head = f"POST /orders/total HTTP/1.1\\r\\nHost: shop\\r\\nContent-Length: {len(body)}\\r\\nConnection: close\\r\\n"
    writer.write(head.encode() + b"Content-Type: application/json\\r\\n\\r\\n" + body)
    status = (await reader.read()).split()[1]
    writer.close()
    return int(status)


async def main():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await listen(listening)
        assert await ask(listening.getsockname(), {"lines": [{"price": 2}]}) == 200
        assert await ask(listening.getsockname(), {"lines": []}) == 500


asyncio.run(main())
"""


def served(folder: Path, framework: str, *, capture: bool) -> Project:
    """The shop after it has failed."""
    pytest.importorskip(framework)
    source = str(REPOSITORY / "python" / "src") if capture else ""
    return failed(
        folder,
        "shop/orders.py",
        SOURCES[framework],
        PRODUCTION.replace("CAPTURE", repr(source)),
    )


@pytest.mark.parametrize("capture", [True, False], ids=["captured", "access-line"])
@pytest.mark.parametrize("framework", SOURCES)
def test_the_request_is_sent_to_the_application_that_the_test_serves(
    framework: str, capture: bool, tmp_path: Path
) -> None:
    shop = served(tmp_path, framework, capture=capture)
    groups = [
        group
        for group in shop.json("scan")["groups"]
        if "ZeroDivisionError" in group["title"]
    ]
    (candidate,) = [candidate for group in groups for candidate in group["candidates"]]
    # Without the captured body, one that was found by trying waits for review.
    expected = ("request", "create" if capture else "draft")
    assert (candidate["strategy"], candidate["tier"]) == expected, candidate
    text = candidate["content"]
    assert "asyncio.run(request())" in text
    assert "assert not swallowed" in text
    test = shop.root / "tests" / "test_found.py"
    test.write_text(text)
    red = shop.pytest("tests/test_found.py")
    assert red.returncode == 1, red.stdout
    assert "ZeroDivisionError was swallowed and logged" in red.stdout
    module = shop.root / "shop" / "orders.py"
    module.write_text(SOURCES[framework].replace(*FIXED))
    green = shop.pytest("tests/test_found.py")
    assert green.returncode == 0, green.stdout


@pytest.mark.parametrize("framework", SOURCES)
def test_a_handler_is_called_with_a_request_like_the_one_that_was_served(
    framework: str, tmp_path: Path
) -> None:
    """Where nothing makes the application, the handler alone is called."""
    pytest.importorskip(framework)
    source = SOURCES[framework].replace("def make_app():", "def make_app(settings):")
    source = source.replace("make_app())", "make_app({}))")
    program = PRODUCTION.replace("CAPTURE", repr(str(REPOSITORY / "python" / "src")))
    shop = failed(tmp_path, "shop/orders.py", source, program)
    groups = [
        group
        for group in shop.json("scan")["groups"]
        if "ZeroDivisionError" in group["title"]
    ]
    (candidate,) = [candidate for group in groups for candidate in group["candidates"]]
    assert candidate["strategy"] == "replay", candidate
    text = candidate["content"]
    assert {"aiohttp": "make_mocked_request(", "tornado": "HTTPServerRequest("}[
        framework
    ] in text
    assert """b'{"lines": []}'""" in text
    test = shop.root / "tests" / "test_found.py"
    test.write_text(text)
    assert shop.pytest("tests/test_found.py").returncode == 1
    (shop.root / "shop" / "orders.py").write_text(source.replace(*FIXED))
    green = shop.pytest("tests/test_found.py")
    assert green.returncode == 0, green.stdout


STARLETTE = '''"""Orders of a shop."""

from starlette.responses import JSONResponse


async def total(request):
    """What an order costs on average."""
    order = await request.json()
    lines = order["lines"]
    tenant = request.headers["x-tenant"]
    return JSONResponse({"mean": sum(line["price"] for line in lines) / len(lines), "tenant": tenant})
'''

WERKZEUG = '''"""Orders of a shop."""

from werkzeug import Response


def total(request):
    """What an order costs on average."""
    lines = request.get_json()["lines"]
    return Response(request.headers["x-tenant"] + str(sum(line["price"] for line in lines) / len(lines)))
'''

#: The application stands in the program alone.
STARLETTE_PROGRAM = """
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from shop.orders import total

client = TestClient(Starlette(routes=[Route("/orders", total, methods=["POST"])]))
"""

WERKZEUG_PROGRAM = """
from werkzeug import Request
from werkzeug.test import Client
from shop.orders import total

client = Client(Request.application(lambda request: total(request)))
"""

CAPTURED = """
import logging, sys

sys.path.insert(0, SOURCE)
import guwu.capture

guwu.capture.install("logs/guwu-failures.jsonl")
logging.basicConfig(filename="logs/app.log")
"""

SENT = """
try:
    client.post("/orders?page=1", json={"lines": []}, headers={"X-Tenant": "north"})
except ZeroDivisionError:
    logging.getLogger("server").exception("in the application")
"""


@pytest.mark.parametrize(
    ("source", "program", "made"),
    [(STARLETTE, STARLETTE_PROGRAM, "Request("), (WERKZEUG, WERKZEUG_PROGRAM, "EnvironBuilder(")],
    ids=["starlette", "werkzeug"],
)
def test_a_view_of_an_application_that_no_module_holds(source: str, program: str, made: str, tmp_path: Path) -> None:
    captured = CAPTURED.replace("SOURCE", repr(str(REPOSITORY / "python" / "src")))
    shop = failed(tmp_path, "shop/orders.py", source, captured + program + SENT)
    (group,) = shop.json("scan")["groups"]
    (candidate,) = group["candidates"]
    assert (candidate["strategy"], candidate["tier"]) == ("replay", "create"), candidate
    text = candidate["content"]
    assert f" = {made}" in text
    assert "north" in text
    test = shop.root / "tests" / "test_found.py"
    test.write_text(text)
    assert shop.pytest("tests/test_found.py").returncode == 1
    (shop.root / "shop" / "orders.py").write_text(source.replace(*FIXED))
    green = shop.pytest("tests/test_found.py")
    assert green.returncode == 0, green.stdout
