"""What other services had answered, by a real server on the loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from capture_support import Lines, logged

requests = pytest.importorskip("requests")
httpx = pytest.importorskip("httpx")

ANSWER = {"rate": 1.1, "password": "correct horse battery"}


class Service(BaseHTTPRequestHandler):
    """Answers whatever is asked, 404 where that ends so."""

    def do_GET(self) -> None:
        """Answer."""
        body = json.dumps(ANSWER).encode()
        self.send_response(404 if self.path.endswith("/gone") else 200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "session=correct-horse")
        self.send_header("X-Page", "2")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    """Give the address of a service that answers."""
    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def replies(lines: Lines) -> list[Any]:
    """Return what the only line tells of answers."""
    found: list[Any] = lines.one()["captured"].get("replies", [])
    return found


def with_requests(address: str) -> Any:
    answer = requests.get(f"http://ann:horse@{address}/rates?base=EUR&api_key=staple", timeout=5)
    return answer.json()["missing"]


def with_httpx(address: str) -> Any:
    answer = httpx.get(f"http://{address}/rates", timeout=5)
    return answer.json()["missing"]


async def with_async(address: str) -> Any:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://{address}/rates")
    return answer.json()["missing"]


def test_requests_without_secrets(lines: Lines, address: str) -> None:
    logged(lambda: with_requests(address))
    (reply,) = replies(lines)
    assert (reply["client"], reply["method"], reply["status"]) == ("requests", "GET", 200)
    assert reply["url"].startswith(f"http://{address}/rates?base=EUR&api_key=")
    assert ["X-Page", "2"] in reply["headers"]
    assert {name for name, _ in reply["headers"]} == {"Content-Type", "X-Page"}
    body = json.loads(reply["body"])
    assert body["rate"] == 1.1
    assert len(body["password"]) == len(ANSWER["password"])  # type: ignore[arg-type]
    for secret in ("horse", "staple", "session="):
        assert secret not in lines.text


def test_httpx(lines: Lines, address: str) -> None:
    logged(lambda: with_httpx(address))
    (reply,) = replies(lines)
    assert (reply["client"], reply["method"], reply["status"]) == ("httpx", "GET", 200)
    assert reply["url"] == f"http://{address}/rates"
    assert json.loads(reply["body"])["rate"] == 1.1


def test_httpx_that_is_awaited(lines: Lines, address: str) -> None:
    import asyncio

    logged(lambda: asyncio.run(with_async(address)))
    assert [reply["client"] for reply in replies(lines)] == ["httpx.async"]


def test_an_answer_that_the_exception_alone_holds(lines: Lines, address: str) -> None:
    logged(lambda: requests.get(f"http://{address}/gone", timeout=5).raise_for_status())
    (reply,) = replies(lines)
    assert reply["status"] == 404


async def with_aiohttp(address: str) -> Any:
    import aiohttp

    async with aiohttp.ClientSession() as session, session.get(f"http://{address}/rates?api_key=staple") as answer:
        return (await answer.json())["missing"]


def test_aiohttp(lines: Lines, address: str) -> None:
    import asyncio

    pytest.importorskip("aiohttp")
    logged(lambda: asyncio.run(with_aiohttp(address)))
    (reply,) = replies(lines)
    assert (reply["client"], reply["method"], reply["status"]) == ("aiohttp", "GET", 200)
    assert reply["url"].startswith(f"http://{address}/rates?api_key=")
    assert {name for name, _ in reply["headers"]} == {"Content-Type", "X-Page"}
    assert json.loads(reply["body"])["rate"] == 1.1
    for secret in ("horse", "staple", "session="):
        assert secret not in lines.text


def test_what_was_not_read_is_no_answer(lines: Lines, address: str) -> None:
    def unread() -> Any:
        with requests.get(f"http://{address}/rates", stream=True, timeout=5) as answer:
            return {}[answer.status_code]

    logged(unread)
    assert replies(lines) == []
