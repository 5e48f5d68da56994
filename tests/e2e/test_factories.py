"""Applications that only a factory makes: a request crashes in production, and the test makes the application itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY, Project, clean_environment

FLASK_FACTORY = '''"""The shelf."""

from flask import Flask


def create_app(config=None):
    """Return the application."""
    app = Flask(__name__)
    if config:
        app.config.update(config)
    from shelf import views

    app.register_blueprint(views.pages)
    return app
'''

FLASK_VIEWS = '''"""Its pages."""

from flask import Blueprint

from shelf import stock

pages = Blueprint("pages", __name__)


@pages.get("/items/<sku>")
def item(sku):
    """Tell how many there are."""
    return {"sku": sku, "left": stock.left(sku)}
'''

FASTAPI_FACTORY = '''"""The shelf."""

from fastapi import FastAPI


def create_app(config: dict | None = None):
    """Return the application."""
    from shelf import views

    app = FastAPI(title="Shelf", **(config or {}))
    app.include_router(views.pages)
    return app
'''

FASTAPI_VIEWS = '''"""Its pages."""

from fastapi import APIRouter

from shelf import stock

pages = APIRouter()


@pages.get("/items/{sku}")
def item(sku: str):
    """Tell how many there are."""
    return {"sku": sku, "left": stock.left(sku)}
'''

STOCK = '''"""What is there."""

BINS = {"cup": {"in": 12, "out": 5}, "pot": {"in": 3}}


def left(sku):
    """How many are left."""
    bin = BINS.get(sku, {"in": 0, "out": 0})
    return bin["in"] - bin["out"]
'''
FIXED = STOCK.replace('bin["out"]\n', 'bin.get("out", 0)\n')

#: Serves over a socket, as Flask's own server does, which writes the access lines.
FLASK_PROGRAM = '''
import logging, sys, threading, urllib.error, urllib.request
from pathlib import Path

from werkzeug.serving import make_server

from shelf import create_app

if __name__ == "__main__":
    app = create_app(*ARGUMENTS)
    if "--capture" in sys.argv:
        import guwu.capture

        guwu.capture.flask(app)
    Path("app/logs").mkdir(parents=True)
    logging.basicConfig(filename="app/logs/app.log", level="INFO", format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    server = make_server("127.0.0.1", 0, app)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for path in ("/items/cup", "/items/none", "/items/pot"):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}").read()
        except urllib.error.HTTPError as error:
            assert error.code == 500
    server.shutdown()
'''

#: Calls the application as uvicorn does and logs what it does; lies where installed packages lie.
ASGI_SERVER = '''
import asyncio
import logging


async def serve(app, path):
    messages = []
    received = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive():
        while not received:
            await asyncio.sleep(1)
        return received.pop()

    async def send(message):
        messages.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": [(b"host", b"shelf.local")],
        "client": ("127.0.0.1", 50000), "server": ("shelf.local", 80),
    }
    try:
        await app(scope, receive, send)
    except Exception as error:
        logging.getLogger("uvicorn.error").error("Exception in ASGI application\\n", exc_info=error)
    status = messages[0]["status"]
    logging.getLogger("uvicorn.access").info('127.0.0.1:50000 - "GET %s HTTP/1.1" %d', path, status)
'''

FASTAPI_PROGRAM = '''
import asyncio, logging, sys
from pathlib import Path

from asgi_server import serve
from shelf import create_app

if __name__ == "__main__":
    app = create_app(*ARGUMENTS)
    if "--capture" in sys.argv:
        import guwu.capture

        guwu.capture.fastapi(app)
    Path("app/logs").mkdir(parents=True)
    logging.basicConfig(filename="app/logs/app.log", level="INFO", format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for path in ("/items/cup", "/items/none", "/items/pot"):
        asyncio.run(serve(app, path))
'''

FRAMEWORKS = {
    "flask": (FLASK_FACTORY, FLASK_VIEWS, FLASK_PROGRAM),
    "fastapi": (FASTAPI_FACTORY, FASTAPI_VIEWS, FASTAPI_PROGRAM),
}


def shelf(folder: Path, framework: str, *, factory: str = "", arguments: str = "()") -> Project:
    """The project, not yet run."""
    given, views, program = FRAMEWORKS[framework]
    root = folder / "project"
    (root / "shelf").mkdir(parents=True)
    (root / "tests").mkdir()
    (root / "shelf" / "__init__.py").write_text(factory or given)
    (root / "shelf" / "views.py").write_text(views)
    (root / "shelf" / "stock.py").write_text(STOCK)
    (root / "serve.py").write_text(program.replace("ARGUMENTS", arguments))
    return Project(root)


def serve(project: Project, *, capture: bool) -> None:
    """A morning in production."""
    packages = project.root.parent / "site-packages"
    packages.mkdir()
    (packages / "asgi_server.py").write_text(ASGI_SERVER)
    path = [str(packages), str(project.root), *([str(REPOSITORY / "python" / "src")] if capture else [])]
    subprocess.run(
        [sys.executable, "serve.py", *(["--capture"] if capture else [])],
        cwd=project.root, check=True, timeout=60, env={**clean_environment(), "PYTHONPATH": ":".join(path)},
    )  # fmt: skip
    captured = project.root / "app" / "logs" / "guwu-failures.jsonl"
    assert captured.exists() == capture


def the_test(project: Project) -> tuple[dict[str, Any], str]:
    """Scan; the one test, which is red as production was, and green once the bug is fixed."""
    (group,) = project.json("scan")["groups"]
    assert group["title"].startswith("KeyError in left"), group["title"]
    assert group["status"] == "tested", group
    (candidate,) = group["candidates"]
    text = (project.root / candidate["path"]).read_text()
    red = project.pytest(candidate["path"])
    assert red.returncode == 1, red.stdout
    assert "KeyError: 'out'" in red.stdout
    stock = project.root / "shelf" / "stock.py"
    stock.write_text(FIXED)
    green = project.pytest(candidate["path"])
    assert green.returncode == 0, green.stdout
    assert [t["outcome"] for t in project.json("verify")["tests"]] == ["green"]
    return candidate, text


@pytest.mark.parametrize("capture", [True, False], ids=["captured", "access-line"])
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_request_is_sent_to_what_the_factory_makes(framework: str, capture: bool, tmp_path: Path) -> None:
    project = shelf(tmp_path, framework)
    serve(project, capture=capture)
    candidate, text = the_test(project)
    assert (candidate["state"], candidate["strategy"]) == ("created", "request"), candidate
    assert "from shelf import create_app\n" in text
    assert "app = create_app()\n" in text
    assert '.get("/items/pot")' in text


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_factory_is_called_as_the_projects_tests_call_it(framework: str, tmp_path: Path) -> None:
    given, _, _ = FRAMEWORKS[framework]
    # By its annotation and through a function that begins the work; and it can not be called without its settings.
    class_name = {"flask": "Flask", "fastapi": "FastAPI"}[framework]
    signature = {"flask": "def create_app(config=None)", "fastapi": "def create_app(config: dict | None = None)"}[framework]
    factory = given.replace(signature, f'def assemble(settings, *, testing: bool) -> "{class_name}"')
    factory = factory.replace("**(config or {})", "debug=testing and settings.loud")
    factory = factory.replace("if config:\n        app.config.update(config)", "app.config.update(LOUD=settings.loud)")
    project = shelf(tmp_path, framework, factory=factory)
    (project.root / "shelf" / "settings.py").write_text(
        '"""Settings."""\n\n\nclass Settings:\n    """What can be set."""\n\n    def __init__(self, loud):\n        self.loud = loud\n'
    )
    program = (project.root / "serve.py").read_text()
    program = program.replace("import create_app\n", "import assemble\nfrom shelf.settings import Settings\n")
    program = program.replace("create_app(*())", "assemble(Settings(loud=False), testing=False)")
    (project.root / "serve.py").write_text(program)
    (project.root / "tests" / "test_shelf.py").write_text(
        "from shelf import assemble\nfrom shelf.settings import Settings as Chosen\n\n\n"
        "def test_it_starts():\n    assert assemble(Chosen(loud=False), testing=True) is not None\n"
    )
    serve(project, capture=True)
    _, text = the_test(project)
    assert "from shelf.settings import Settings as Chosen\n" in text
    assert "app = assemble(Chosen(loud=False), testing=True)\n" in text


def test_an_application_of_a_program_alone_can_not_be_imported(tmp_path: Path) -> None:
    # Its name is there when the file runs as a program, and `from serve import app` would find nothing.
    project = shelf(tmp_path, "flask", arguments="({'SHELF': 1},)")
    serve(project, capture=True)
    _, text = the_test(project)
    assert "from serve" not in text
    assert "app = create_app()\n" in text


def test_what_a_factory_needs_and_nothing_shows_is_not_made_up(tmp_path: Path) -> None:
    factory = FLASK_FACTORY.replace("config=None", "config")
    project = shelf(tmp_path, "flask", factory=factory, arguments="({},)")
    serve(project, capture=False)
    (group,) = project.json("scan", "--no-generate")["groups"]
    tried = project.guwu("generate", group["id"], "--dry-run")
    assert "def test_" in tried.stdout, tried.stdout + tried.stderr
    assert "create_app" not in tried.stdout


def test_without_its_client_the_application_is_called_as_a_server_calls_it(tmp_path: Path) -> None:
    # An answer that is streamed looks out for the client's leaving, and behind a middleware that has read the body takes
    # nothing else for it.
    middleware = (
        "from starlette.middleware.base import BaseHTTPMiddleware\n\n\n"
        "async def stamp(request, call_next):\n    await request.body()\n    return await call_next(request)\n\n\n"
        "def create_app"
    )
    factory = FASTAPI_FACTORY.replace("def create_app", middleware, 1)
    factory = factory.replace("    return app", "    app.add_middleware(BaseHTTPMiddleware, dispatch=stamp)\n    return app")
    assert "add_middleware" in factory
    project = shelf(tmp_path, "fastapi", factory=factory)
    views = project.root / "shelf" / "views.py"
    streamed = "from fastapi.responses import StreamingResponse\n\n" + FASTAPI_VIEWS.partition("\n\n")[2]
    streamed = streamed.replace(
        'return {"sku": sku, "left": stock.left(sku)}', "return StreamingResponse(iter([str(stock.left(sku))]))"
    )
    assert "StreamingResponse(iter" in streamed
    views.write_text(streamed)
    # As where httpx is not installed.
    (project.root / "conftest.py").write_text('import sys\n\nsys.modules["starlette.testclient"] = None\n')
    serve(project, capture=True)
    candidate, text = the_test(project)
    assert (candidate["state"], candidate["strategy"]) == ("created", "request"), candidate
    assert "TestClient" not in text
    assert "asyncio.run(app(scope, receive, send))" in text
