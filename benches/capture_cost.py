"""What `guwu.capture` costs: requests of Flask, FastAPI and Django that succeed, with and without it, and a failure.

    python benches/capture_cost.py [--rounds 60] [--requests 200]

It needs flask, fastapi and django. The two sides take turns in one process, so that what else the machine does falls on both; the
ratio is the median of those of the rounds, in processor time. Failures are in wall time, those of a request with what
its handler logs. It is no test: it fails nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import logging
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python" / "src"))

import guwu.capture
from guwu.capture import _hooks


def flask_app(connected):
    """A view that adds up an order, and logs."""
    import flask

    app = flask.Flask("shop")

    @app.post("/orders")
    def orders():
        order = flask.request.get_json()
        logging.getLogger("shop").info("order of %d lines", len(order["lines"]))
        return {"total": sum(line["price"] for line in order["lines"])}

    return guwu.capture.flask(app) if connected else app


def fastapi_app(connected):
    """The same for FastAPI."""
    import fastapi
    import pydantic

    app = fastapi.FastAPI()

    class Line(pydantic.BaseModel):
        price: int

    class Order(pydantic.BaseModel):
        lines: list[Line]

    # Annotations are texts here; FastAPI would look for the class among the globals.
    async def orders(order):
        logging.getLogger("shop").info("order of %d lines", len(order.lines))
        return {"total": sum(line.price for line in order.lines)}

    orders.__annotations__ = {"order": Order}
    app.post("/orders")(orders)
    return guwu.capture.fastapi(app) if connected else app


def django_app(connected):
    """The same for Django: a handler of its own, with or without the middleware."""
    import json

    import django
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import JsonResponse
    from django.urls import path

    if not settings.configured:
        settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="x", ALLOWED_HOSTS=["*"], LOGGING_CONFIG=None)
        django.setup()

    def orders(request):
        order = json.loads(request.body)
        logging.getLogger("shop").info("order of %d lines", len(order["lines"]))
        return JsonResponse({"total": sum(line["price"] for line in order["lines"])})

    globals()["urlpatterns"] = [path("orders", orders)]
    settings.MIDDLEWARE = ["guwu.capture.django.CaptureMiddleware"] if connected else []
    return WSGIHandler()


BODY = b'{"lines": [{"price": 1}, {"price": 2}, {"price": 3}]}'


def serve_wsgi(app, requests):
    """Send requests as a WSGI server does; the seconds of processor time that took."""
    start = time.process_time()
    for _ in range(requests):
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/orders",
            "QUERY_STRING": "",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(BODY)),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.input": io.BytesIO(BODY),
            "wsgi.errors": sys.stderr,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        assert b'"total":6' in b"".join(app(environ, lambda *_: None)).replace(b" ", b"")
    return time.process_time() - start


def serve_asgi(app, requests):
    """Send requests as an ASGI server does; the seconds of processor time that took."""

    async def serve():
        start = time.process_time()
        for _ in range(requests):
            sent = []

            async def receive():
                return {"type": "http.request", "body": BODY, "more_body": False}

            async def send(message, sent=sent):
                sent.append(message.get("body", b""))

            scope = {
                "type": "http",
                "asgi": {"version": "3.0"},
                "http_version": "1.1",
                "method": "POST",
                "scheme": "http",
                "path": "/orders",
                "raw_path": b"/orders",
                "root_path": "",
                "query_string": b"",
                "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))],
            }
            await app(scope, receive, send)
            assert b'"total":6' in b"".join(sent)
        return time.process_time() - start

    return asyncio.run(serve())


def compare(name, make, serve, folder, rounds, requests):
    """Print the ratio of requests in a second, with and without."""
    sides = {"without": make(False), "install": make(False)}
    guwu.capture.install(folder / "none.jsonl")
    sides["connected"] = make(True)
    times = {side: [] for side in sides}
    for turn in range(rounds + 1):
        for side in sorted(sides, reverse=bool(turn % 2)):
            guwu.capture.uninstall() if side == "without" else guwu.capture.install(folder / "none.jsonl")
            taken = serve(sides[side], requests)
            if turn:  # the first turn warms up
                times[side].append(taken)
    guwu.capture.uninstall()
    median = {side: statistics.median(each) for side, each in times.items()}
    for side in ("install", "connected"):
        ratio = statistics.median(one / other for one, other in zip(times["without"], times[side]))
        print(f"{name:8} {side:10} {requests / median[side]:8.0f} requests/s, {ratio:.3f} of without")


class Cart:
    """Something that fails."""

    def __init__(self, size):
        self.lines = [{"item": f"item {number}", "price": number, "tags": ["a", "b"]} for number in range(size)]

    def total(self, rate):
        """Fail."""
        return sum(line["price"] for line in self.lines) / rate


def failures(folder, count):
    """Print what writing a failure takes, once it has been formatted by a handler."""
    guwu.capture.install(folder / "failures.jsonl", roots=Path(__file__).parent, limits=guwu.capture.Limits(per_minute=10**9))
    log = logging.getLogger("shop")
    told, taken = _hooks.tell, []

    def timed(sighting):
        start = time.perf_counter()
        told(sighting)
        taken.append(time.perf_counter() - start)

    _hooks.tell = timed
    for size in (3, 50, 2000):
        taken.clear()
        cart = Cart(size)
        for _ in range(count):
            try:
                cart.total(0)
            except ZeroDivisionError:
                log.exception("no total")
        taken.sort()
        median, p99 = statistics.median(taken) * 1e3, taken[int(len(taken) * 0.99)] * 1e3
        print(f"failure with {size:4} lines of an order: median {median:6.2f} ms, p99 {p99:6.2f} ms")
    _hooks.tell = told
    guwu.capture.uninstall()


def main():
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--requests", type=int, default=200)
    options = parser.parse_args()
    logging.basicConfig(stream=io.StringIO(), level=logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        compare("flask", flask_app, serve_wsgi, Path(folder), options.rounds, options.requests)
        compare("fastapi", fastapi_app, serve_asgi, Path(folder), options.rounds, options.requests)
        compare("django", django_app, serve_wsgi, Path(folder), options.rounds, options.requests)
        failures(Path(folder), 500)


if __name__ == "__main__":
    main()
