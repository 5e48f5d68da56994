"""Real frameworks: what is told of the request that failed, with `install()` alone and connected."""

from __future__ import annotations

import json
import os
import re
import sys
from importlib.util import find_spec
from typing import Any

import pytest

from capture_support import Lines, logged
from conftest import Project

#: Every application fails in `shop.handlers.total` when an order has no lines.
HANDLERS = """\
def total(order):
    return sum(line["price"] for line in order["lines"]) / len(order["lines"])
"""

#: Sends a request to a WSGI application as a server does, and logs what comes out of it as servers do.
WSGI_SERVER = """\
import io, logging, sys
logging.basicConfig(stream=io.StringIO())
def send(app, body, content_type="application/json", path="/orders"):
    # What a client notes first is no environ yet.
    noted = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "CONTENT_LENGTH": str(len(body))}
    environ = {
        **noted, "SCRIPT_NAME": "", "QUERY_STRING": "a=1&api_key=hunter2",
        "CONTENT_TYPE": content_type, "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "HTTP_ACCEPT": "text/html",
        "HTTP_COOKIE": "sid=hunter2", "HTTP_AUTHORIZATION": "Bearer hunter2", "HTTP_X_TENANT": "north",
        "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http", "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
    }
    try:
        list(app(environ, lambda status, headers, exc_info=None: print(status)))
    except Exception:
        print("raised")
        logging.getLogger("server").exception("error handling request")
"""

#: The same where what was read of the input is gone.
SOCKET_SERVER = WSGI_SERVER.replace("io.BytesIO(body)", "io.BufferedReader(io.BytesIO(body))")

ASGI_SERVER = """\
import asyncio, io, logging
logging.basicConfig(stream=io.StringIO())
def send(app, body, content_type="application/json", path="/orders"):
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"a=1&api_key=hunter2",
        "headers": [(b"host", b"localhost"), (b"content-type", content_type.encode()), (b"x-tenant", b"north"),
                    (b"content-length", str(len(body)).encode()), (b"cookie", b"sid=hunter2"),
                    (b"authorization", b"Bearer hunter2")],
        "server": ("localhost", 80), "client": ("127.0.0.1", 1),
    }
    parts = [body[:5], body[5:]]
    async def receive():
        if not parts:
            await asyncio.sleep(3600)
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}
    async def told(message):
        if message["type"] == "http.response.start":
            print(message["status"])
    async def serve():
        try:
            await app(scope, receive, told)
        except Exception:
            print("raised")
            logging.getLogger("server").exception("exception in application")
    asyncio.run(serve())
"""

FLASK = """\
import flask
import guwu.capture
from shop.handlers import total
app = flask.Flask(__name__)
@app.post("/orders")
def orders():
    order = flask.request.get_json() if flask.request.is_json else {"lines": flask.request.form.getlist("lines")}
    return {"total": total(order)}
"""

FASTAPI = """\
import logging
import fastapi, pydantic
import guwu.capture
from shop.handlers import total
app = fastapi.FastAPI()
class Order(pydantic.BaseModel):
    lines: list[dict]
    password: str = ""
@app.post("/orders")
async def orders(order: Order):
    return {"total": total(order.model_dump())}
@app.post("/swallows")
def swallows_in_a_thread(order: Order):
    try:
        return {"total": total(order.model_dump())}
    except ZeroDivisionError:
        logging.getLogger("shop").exception("no total")
        return {"total": 0}
@app.post("/sync")
def orders_in_a_thread(order: Order):
    return {"total": total(order.model_dump())}
"""

STARLETTE = """\
import guwu.capture
from shop.handlers import total
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
async def orders(request):
    return JSONResponse({"total": total(await request.json())})
app = Starlette(routes=[Route("/orders", orders, methods=["POST"])])
"""

DJANGO = """\
import json, os
from django.conf import settings
MIDDLEWARE = ["guwu.capture.django.CaptureMiddleware"] if os.environ.get("CONNECTED") else []
settings.configure(ROOT_URLCONF="shop.app", SECRET_KEY="x", ALLOWED_HOSTS=["*"], MIDDLEWARE=MIDDLEWARE,
                   LOGGING={"version": 1, "disable_existing_loggers": False})
import django
django.setup()
from django.core.wsgi import get_wsgi_application
from django.core.asgi import get_asgi_application
from django.http import JsonResponse
from django.urls import path
import guwu.capture
from shop.handlers import total
def orders(request):
    return JsonResponse({"total": total(json.loads(request.body))})
def reads(request):
    return JsonResponse({"total": total(json.loads(request.read()))})
async def awaits(request):
    return JsonResponse({"total": total(json.loads(request.body))})
urlpatterns = [path("orders", orders), path("reads", reads), path("awaits", awaits)]
app = get_wsgi_application()
asgi = get_asgi_application()
"""

PLAIN_WSGI = """\
import json
import guwu.capture
from shop.handlers import total
def app(environ, start_response):
    order = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    start_response("200 OK", [])
    yield str(total(order)).encode()
"""

PLAIN_ASGI = """\
import json
import guwu.capture
from shop.handlers import total
class App:
    async def __call__(self, scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        total(json.loads(body))
app = App()
"""

AIOHTTP = """\
from aiohttp import web
from shop.handlers import total
async def orders(request):
    return web.json_response({"total": total(await request.json())})
app = web.Application()
app.router.add_post("/orders", orders)
async def listen(socket):
    runner = web.AppRunner(app)
    await runner.setup()
    await web.SockSite(runner, socket).start()
"""

TORNADO = """\
import json
from tornado import httpserver, web
from shop.handlers import total
class Orders(web.RequestHandler):
    def post(self):
        self.write({"total": total(json.loads(self.request.body))})
app = web.Application([("/orders", Orders)])
async def listen(socket):
    socket.setblocking(False)
    httpserver.HTTPServer(app).add_socket(socket)
"""

#: Frameworks that are their own servers: a request by the socket.
OWN_SERVER = """\
import asyncio, io, logging, socket
logging.basicConfig(stream=io.StringIO())
def send(listen, body, content_type="application/json", path="/orders"):
    head = [f"POST {path}?a=1&api_key=hunter2 HTTP/1.1", "Host: localhost", f"Content-Type: {content_type}",
            "X-Tenant: north", f"Content-Length: {len(body)}", "Cookie: sid=hunter2", "Authorization: Bearer hunter2",
            "Connection: close"]
    async def serve():
        with socket.create_server(("127.0.0.1", 0)) as listening:
            await listen(listening)
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            writer.write("\\r\\n".join([*head, "", ""]).encode() + body)
            print((await reader.readline()).split()[1].decode())
            writer.close()
    asyncio.run(serve())
"""

BODY = '{"lines": [], "password": "hunter2"}'
CLEAN = {"lines": [], "password": "xxxxxxx"}


def _send(project: Project, app: str, server: str, then: str, *, connected: bool = False) -> Any:
    project.write("shop/__init__.py", "")
    project.write("shop/handlers.py", HANDLERS)
    project.write("shop/app.py", app)
    script = f"import guwu.capture\nguwu.capture.install(limits=guwu.capture.Limits(seconds=60))\n{server}\n{then}"
    project.write("serve.py", script)
    paths = os.pathsep.join([str(project.root), *sys.path])
    run = project.python("serve.py", environment={"PYTHONPATH": paths, **({"CONNECTED": "1"} if connected else {})})
    assert run.status == 0, run.err
    lines = Lines(project.root / "app" / "logs" / "guwu-failures.jsonl")
    assert "hunter2" not in lines.text
    return run, lines


def _check(lines: Lines, framework: str, app: Any, path: str = "/orders", body: Any = CLEAN) -> Any:
    import json

    line = lines.one()
    assert line["exceptions"][-1]["type"] == "ZeroDivisionError"
    request = line["captured"]["request"]
    assert request["framework"] == framework
    assert request["app"] == (None if app is None else {"t": "global", "v": app})
    assert (request["method"], request["path"], request["query"]) == ("POST", path, "a=1&api_key=xxxxxxx")
    headers = {name.lower(): value for name, value in request["headers"]}
    assert headers["x-tenant"] == "north"
    assert "cookie" not in headers
    assert re.fullmatch("Bearer [a-z]{7}", headers["authorization"])
    if isinstance(body, dict):
        assert json.loads(request["body"]) == body
    else:
        assert request["body"] == body
    frame = line["captured"]["frames"][-1]
    assert (frame["module"], frame["qualname"]) == ("shop.handlers", "total")
    assert frame["arguments"][0]["name"] == "order"
    return line


def _needs(*packages: str) -> pytest.MarkDecorator:
    missing = [package for package in packages if find_spec(package) is None]
    return pytest.mark.skipif(bool(missing), reason=f"{', '.join(missing)} is not installed")


def _framework(package: str) -> Any:
    return pytest.param(package, marks=_needs(package))


BODY_BYTES = f"b'{BODY}'"


@_needs("flask")
@pytest.mark.parametrize("connect", ["", "guwu.capture.flask(app)"], ids=["install", "connected"])
def test_flask(connect: str, project: Project) -> None:
    run, lines = _send(project, FLASK, WSGI_SERVER, f"from shop.app import app\n{connect}\nsend(app, {BODY_BYTES})")
    assert run.out == "500 INTERNAL SERVER ERROR\n"
    _check(lines, "flask", "shop.app:app")


@_needs("flask")
def test_a_form_of_flask_is_written_as_a_form(project: Project) -> None:
    then = "from shop.app import app\nsend(app, b'token=hunter2&x=a%20b', 'application/x-www-form-urlencoded')"
    _, lines = _send(project, FLASK, WSGI_SERVER, then)
    _check(lines, "flask", "shop.app:app", body="token=xxxxxxx&x=a%20b")


@_needs("flask")
def test_what_a_flask_application_lets_through_is_told_once(project: Project) -> None:
    connect = "app.config['PROPAGATE_EXCEPTIONS'] = True\nguwu.capture.flask(app)\napp = guwu.capture.wsgi(app)"
    then = f"from shop.app import app\n{connect}\nsend(app, {BODY_BYTES})"
    run, lines = _send(project, FLASK, WSGI_SERVER, then)
    assert run.out == "raised\n"
    _check(lines, "flask", "shop.app:app")


#: What handlers of exceptions make of them, for every framework: the same failure, answered.
ANSWERED_FLASK = (
    FLASK
    + """\
@app.errorhandler(ZeroDivisionError)
def empty(error):
    return {"error": "no lines"}, STATUS
@app.post("/gone")
def gone():
    try:
        return {"total": total(flask.request.get_json())}
    except ZeroDivisionError:
        flask.abort(STATUS)
"""
)

ANSWERED_FASTAPI = (
    FASTAPI
    + """\
from fastapi.responses import JSONResponse
@app.exception_handler(ZeroDivisionError)
HANDLER empty(request, error):
    return JSONResponse({"error": "no lines"}, STATUS)
@app.post("/gone")
async def gone(order: Order):
    try:
        return {"total": total(order.model_dump())}
    except ZeroDivisionError:
        raise fastapi.HTTPException(STATUS)
"""
)


@_needs("flask")
@pytest.mark.parametrize("path", ["/orders", "/gone"])
@pytest.mark.parametrize("status", [409, 503])
def test_an_answer_above_499_that_flask_makes_of_an_exception_is_a_failure(
    status: int, path: str, project: Project
) -> None:
    then = f"from shop.app import app\nguwu.capture.flask(app)\nsend(app, {BODY_BYTES}, path={path!r})"
    run, lines = _send(project, ANSWERED_FLASK.replace("STATUS", str(status)), WSGI_SERVER, then)
    assert run.out.startswith(str(status))
    if status < 500:
        assert lines.text == ""
    else:
        _check(lines, "flask", "shop.app:app", path)


@_needs("fastapi")
@pytest.mark.parametrize("handler", ["def", "async def"])
@pytest.mark.parametrize("path", ["/orders", "/gone", "/sync"])
@pytest.mark.parametrize("status", [409, 503])
def test_an_answer_above_499_that_fastapi_makes_of_an_exception_is_a_failure(
    status: int, path: str, handler: str, project: Project
) -> None:
    then = f"from shop.app import app\nguwu.capture.fastapi(app)\nsend(app, {BODY_BYTES}, path={path!r})"
    app = ANSWERED_FASTAPI.replace("STATUS", str(status)).replace("HANDLER", handler)
    run, lines = _send(project, app, ASGI_SERVER, then)
    assert run.out == f"{status}\n"
    if status < 500:
        assert lines.text == ""
    else:
        _check(lines, "fastapi", "shop.app:app", path)


@_needs("flask", "fastapi")
@pytest.mark.parametrize(
    ("app", "server", "connect", "body", "path", "status"),
    [
        (FLASK, WSGI_SERVER, "guwu.capture.flask(app)", b"{", "/orders", "400 BAD REQUEST"),
        (FLASK, WSGI_SERVER, "guwu.capture.flask(app)", b"", "/nowhere", "404 NOT FOUND"),
        (FASTAPI, ASGI_SERVER, "guwu.capture.fastapi(app)", b"{}", "/orders", "422"),
        (FASTAPI, ASGI_SERVER, "guwu.capture.fastapi(app)", b"", "/nowhere", "404"),
    ],
)
def test_a_request_that_is_refused_is_no_failure(
    app: str, server: str, connect: str, body: bytes, path: str, status: str, project: Project
) -> None:
    then = f"from shop.app import app\n{connect}\nsend(app, {body!r}, path={path!r})"
    run, lines = _send(project, app, server, then)
    assert (run.out, lines.text) == (f"{status}\n", "")


@_needs("fastapi")
def test_fastapi_is_connected_also_once_it_has_served(project: Project) -> None:
    then = f"""\
from shop.app import app
send(app, b"", path="/nowhere")
guwu.capture.fastapi(app)
guwu.capture.fastapi(app)
logging.getLogger("server").disabled = True
send(app, {BODY_BYTES})
"""
    run, lines = _send(project, FASTAPI, ASGI_SERVER, then)
    assert run.out == "404\n500\nraised\n"
    _check(lines, "fastapi", "shop.app:app")


@_needs("fastapi")
def test_what_handles_every_exception_of_fastapi_still_does(project: Project) -> None:
    app = (
        FASTAPI
        + """\
from fastapi.responses import JSONResponse
@app.exception_handler(Exception)
def sorry(request, error):
    print("sorry", type(error).__name__)
    return JSONResponse({}, 418)
"""
    )
    then = f"""\
from shop.app import app
guwu.capture.fastapi(app)
logging.getLogger("server").disabled = True
send(app, {BODY_BYTES})
"""
    run, lines = _send(project, app, ASGI_SERVER, then)
    assert run.out == "sorry ZeroDivisionError\n418\nraised\n"
    _check(lines, "fastapi", "shop.app:app")


@_needs("django")
def test_django_runs_without_the_middleware_once_it_is_connected(project: Project) -> None:
    then = f"""\
from shop.app import app
logging.getLogger("django.request").disabled = True
print(app._middleware_chain.__wrapped__.__self__ is app)
send(app, {BODY_BYTES})
"""
    run, lines = _send(project, DJANGO, WSGI_SERVER, then, connected=True)
    assert run.out == "True\n500 Internal Server Error\n"
    _check(lines, "django", None)


@_needs("fastapi")
@pytest.mark.parametrize("connect", ["", "guwu.capture.fastapi(app)"], ids=["install", "connected"])
@pytest.mark.parametrize("path", ["/orders", "/sync", "/swallows"])
def test_fastapi(connect: str, path: str, project: Project) -> None:
    then = f"from shop.app import app\n{connect}\nsend(app, {BODY_BYTES}, path={path!r})"
    run, lines = _send(project, FASTAPI, ASGI_SERVER, then)
    assert run.out == ("200\n" if path == "/swallows" else "500\nraised\n")
    line = _check(lines, "fastapi", "shop.app:app", path)
    order = line["captured"]["frames"][-2]["arguments"][0]["value"]
    assert (order["class"], order["kind"]) == ("shop.app:Order", "pydantic")
    assert dict(order["attrs"])["password"] == {"t": "redacted", "of": "str", "n": 7, "like": "text", "v": 1}
    assert sorted(dict(order["attrs"])["__pydantic_fields_set__"]["v"]) == ["lines", "password"]


@_needs("starlette")
@pytest.mark.parametrize("connect", ["", "guwu.capture.starlette(app)"], ids=["install", "connected"])
def test_starlette(connect: str, project: Project) -> None:
    then = f"from shop.app import app\n{connect}\nsend(app, {BODY_BYTES})"
    run, lines = _send(project, STARLETTE, ASGI_SERVER, then)
    assert run.out == "500\nraised\n"
    _check(lines, "starlette", "shop.app:app")


@_needs("django")
@pytest.mark.parametrize("connected", [False, True], ids=["install", "connected"])
@pytest.mark.parametrize("path", ["/orders", "/reads"])
def test_django(connected: bool, path: str, project: Project) -> None:
    then = f"from shop.app import app\nsend(app, {BODY_BYTES}, path={path!r})"
    run, lines = _send(project, DJANGO, WSGI_SERVER, then, connected=connected)
    assert run.out == "500 Internal Server Error\n"
    # A body that the view has read as a stream is there for as long as the server holds it in memory.
    _check(lines, "django", None, path)


@_needs("django")
def test_a_body_that_django_has_read_from_a_socket_is_gone(project: Project) -> None:
    then = f"from shop.app import app\nsend(app, {BODY_BYTES}, path='/reads')"
    _, lines = _send(project, DJANGO, SOCKET_SERVER, then, connected=True)
    _check(lines, "django", None, "/reads", body=None)


@_needs("django")
@pytest.mark.parametrize("connected", [False, True], ids=["install", "connected"])
@pytest.mark.parametrize("path", ["/orders", "/awaits"])
def test_django_by_asgi(connected: bool, path: str, project: Project) -> None:
    then = f"from shop.app import asgi\nsend(asgi, {BODY_BYTES}, path={path!r})"
    run, lines = _send(project, DJANGO, ASGI_SERVER, then, connected=connected)
    assert run.out == "500\n"
    _check(lines, "django", None, path)


@pytest.mark.parametrize("framework", [_framework("aiohttp"), _framework("tornado")])
def test_what_speaks_http_itself(framework: str, project: Project) -> None:
    app = {"aiohttp": AIOHTTP, "tornado": TORNADO}[framework]
    run, lines = _send(project, app, OWN_SERVER, f"from shop.app import listen\nsend(listen, {BODY_BYTES})")
    assert run.out == "500\n"
    _check(lines, framework, "shop.app:app")


@pytest.mark.parametrize("connect", ["", "app = guwu.capture.wsgi(app)"], ids=["install", "connected"])
def test_wsgi(connect: str, project: Project) -> None:
    then = f"from shop.app import app\nsend(app, {BODY_BYTES})"
    run, lines = _send(project, PLAIN_WSGI + connect, SOCKET_SERVER, then)
    assert run.out == "200 OK\nraised\n"
    _check(lines, "wsgi", "shop.app:app", body=CLEAN if connect else None)


@pytest.mark.parametrize("connect", ["", "app = guwu.capture.asgi(app)"], ids=["install", "connected"])
def test_asgi(connect: str, project: Project) -> None:
    then = f"from shop.app import app\nsend(app, {BODY_BYTES})"
    run, lines = _send(project, PLAIN_ASGI + connect, ASGI_SERVER, then)
    assert run.out == "raised\n"
    _check(lines, "asgi", "shop.app:app", body=CLEAN if connect else None)


@_needs("celery")
@pytest.mark.parametrize("connect", ["", "guwu.capture.celery(app)"], ids=["install", "connected"])
def test_celery(connect: str, project: Project) -> None:
    app = f"""\
import celery, guwu.capture
from shop.handlers import total
app = celery.Celery("shop", broker="memory://", backend="cache+memory://")
app.conf.task_always_eager = True
{connect}
@app.task
def work(order):
    return total(order)
"""
    then = "from shop.app import work\nprint(work.delay({'lines': [], 'token': 'hunter2'}).status)"
    run, lines = _send(project, app, "", then)
    assert run.out == "FAILURE\n"
    frames = lines.frames()
    # Before 3.11 the name is looked for, and Celery keeps the function where nobody looks.
    assert [frame["qualname"] for frame in frames] == ["work" if sys.version_info >= (3, 11) else None, "total"]
    assert lines.one()["captured"]["request"] is None


@_needs("structlog")
def test_structlog(project: Project) -> None:
    app = """\
import structlog, guwu.capture
from shop.handlers import total
structlog.configure(processors=[guwu.capture.structlog, structlog.processors.format_exc_info,
                                structlog.processors.JSONRenderer()])
log = structlog.get_logger()
def work(order):
    try:
        return total(order)
    except Exception as error:
        log.exception("no total")
        log.error("no total, again", exc_info=error)
    log.info("done")
"""
    run, lines = _send(project, app, "", "from shop.app import work\nwork({'lines': [], 'token': 'hunter2'})")
    assert [json.loads(line)["event"] for line in run.out.splitlines()] == ["no total", "no total, again", "done"]
    assert [frame["qualname"] for frame in lines.frames()] == ["work", "total"]
    told = lines.one()
    assert (told["level"], told["log_message"]) == ("ERROR", "no total")
    assert "hunter2" not in json.dumps(told)


@_needs("loguru")
def test_loguru(project: Project) -> None:
    app = """\
from loguru import logger
import guwu.capture
from shop.handlers import total
logger.remove()
logger.add(guwu.capture.loguru, level="WARNING")
def work(order):
    try:
        return total(order)
    except Exception:
        logger.exception("no total for {}", "order")
    logger.warning("done")
"""
    _, lines = _send(project, app, "", "from shop.app import work\nwork({'lines': [], 'token': 'hunter2'})")
    assert [frame["qualname"] for frame in lines.frames()] == ["work", "total"]
    told = lines.one()
    assert (told["level"], told["logger"], told["log_message"]) == ("ERROR", "shop.app", "no total for order")
    assert "hunter2" not in json.dumps(told)


@_needs("attrs", "numpy")
def test_values_of_packages(project: Project) -> None:
    app = """\
import attrs, numpy, pathlib
@attrs.define
class Point:
    x: int
    y: int = attrs.field(default=2, alias="why")
def fails(point, array, scalar, large, moment):
    return point.x / 0
"""
    then = """\
import numpy
from shop.app import Point, fails
try:
    fails(Point(1), numpy.array([[1, 2], [3, 4]], dtype="int16"), numpy.float32(0.5), numpy.zeros(10_000),
          numpy.array(["2024-01-01"], dtype="datetime64[D]"))
except ZeroDivisionError as error:
    guwu.capture.record(error)
"""
    _, lines = _send(project, app, "", then)
    values = lines.arguments("fails")
    assert values["point"]["kind"] == "attrs"
    assert values["point"]["attrs"] == [["x", 1], ["y", 2]]
    assert values["point"]["init"] == [["x", "positional", True], ["why", "positional", False]]
    assert values["large"]["shape"] == [10_000]
    from capture_support import rebuild

    numpy = pytest.importorskip("numpy")
    assert (rebuild(values["array"]) == numpy.array([[1, 2], [3, 4]], dtype="int16")).all()
    assert rebuild(values["array"]).dtype == numpy.dtype("int16")
    assert rebuild(values["scalar"]) == numpy.float32(0.5)
    assert rebuild(values["moment"])[0] == numpy.datetime64("2024-01-01")


@_needs("pydantic")
def test_times_that_pydantic_has_read(project: Project) -> None:
    app = """\
import datetime, pydantic
class Point(pydantic.BaseModel):
    at: datetime.datetime
def fails(utc, east):
    return utc / east
"""
    then = """\
from shop.app import Point, fails
try:
    fails(Point(at="2026-03-02T08:00:00Z").at, Point(at="2026-03-02T08:00:00-05:30").at)
except TypeError as error:
    guwu.capture.record(error)
"""
    _, lines = _send(project, app, "", then)
    values = lines.arguments("fails")
    assert values["utc"]["kwargs"] == [["tzinfo", {"t": "global", "v": "datetime:timezone.utc"}]]
    from capture_support import rebuild

    assert rebuild(values["east"]).isoformat() == "2026-03-02T08:00:00-05:30"


@_needs("bs4", "lxml")
def test_elements_of_packages(project: Project) -> None:
    app = """\
from shop.handlers import total
def fails(document, tag, element, page):
    return total({"lines": []})
"""
    then = """\
import bs4, lxml.etree, lxml.html
from shop.app import fails
soup = bs4.BeautifulSoup('<p class="a b">one<b>two</b></p><input data-token="hunter2"/>', "html.parser")
root = lxml.etree.fromstring('<o:a xmlns:o="urn:x"><b password="hunter2">t</b><!-- c --> tail</o:a>')
page = lxml.html.fromstring("<div><ul><li>1<li>2</ul></div>")
try:
    fails(soup, soup.p, root[0], page)
except ZeroDivisionError as error:
    guwu.capture.record(error)
"""
    _, lines = _send(project, app, "", then)
    values = lines.arguments("fails")
    from capture_support import rebuild

    document, tag = rebuild(values["document"]), rebuild(values["tag"])
    assert (document.p["class"], document.p.get_text()) == (["a", "b"], "onetwo")
    assert len(document.input["data-token"]) == len("hunter2")
    assert (tag.name, tag.b.string) == ("p", "two")
    assert rebuild(values["element"]).text == "t"
    assert [item.text for item in rebuild(values["page"]).iter("li")] == ["1", "2"]


def test_a_body_that_nothing_could_read(lines: Lines) -> None:
    class Stream:
        def read(self) -> bytes:
            return b'{"pin": '

    def serve(environ: dict[str, Any]) -> Any:
        return json.loads(environ["wsgi.input"].read())

    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/orders",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": "8",
        "wsgi.input": Stream(),
    }
    logged(lambda: serve(environ))
    assert lines.one()["captured"]["request"]["body"] == '{"pin": '
    environ["CONTENT_LENGTH"] = "80"
    logged(lambda: serve(environ))
    assert json.loads(lines.text.splitlines()[-1])["captured"]["request"]["body"] is None


def test_what_kind_of_application_it_was(lines: Lines) -> None:
    flask = pytest.importorskip("flask")

    def serve() -> None:
        app = flask.Flask("shop")

        def orders() -> Any:
            return dict(flask.request.headers)["X-Missing"]

        app.add_url_rule("/orders", view_func=orders)
        app.test_client().get("/orders")

    serve()
    app = lines.one()["captured"]["request"]["app"]
    assert app == {"t": "opaque", "class": "flask.app:Flask", "why": "app"}
