"""Starts that failed: a blueprint and a plugin that do not register, an application that does not come up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Project, clean_environment

LOG = 'import logging\nlogging.basicConfig(filename="logs/app.log", format="%(asctime)s %(levelname)s %(name)s: %(message)s")\n'

BLUEPRINTS = {
    "shop/__init__.py": "from flask import Flask\nfrom shop import pages\n\n\ndef create_app():\n    app = Flask(__name__)\n"
    "    pages.register(app)\n    return app\n",
    "shop/pages.py": 'from flask import Blueprint\n\norders = Blueprint("pages", __name__)\nstock = Blueprint("pages", __name__)\n\n\n'
    "def register(app):\n    app.register_blueprint(orders)\n    app.register_blueprint(stock)\n",
    "wsgi.py": "from shop import create_app\n\napp = create_app()\n",
    "serve.py": LOG
    + 'try:\n    import wsgi\nexcept ValueError:\n    logging.getLogger("arbiter").exception("worker failed to boot")\n',
}

PLUGINS = {
    "shop/__init__.py": "",
    "shop/plugins.py": "KNOWN = {}\n\n\ndef register(name):\n    def wrap(cls):\n        if name in KNOWN:\n"
    '            raise ValueError(f"plugin {name!r} is registered twice")\n        KNOWN[name] = cls\n        return cls\n\n    return wrap\n',
    "shop/exporters.py": 'from shop.plugins import register\n\n\n@register("csv")\nclass Csv:\n    pass\n\n\n@register("csv")\nclass Excel:\n    pass\n',
    "serve.py": LOG
    + 'import importlib\n\ntry:\n    importlib.import_module("shop.exporters")\nexcept ValueError:\n'
    '    logging.getLogger("worker").exception("plugin not loaded")\n',
}

LIFESPAN = {
    "shop/__init__.py": "",
    "shop/main.py": "from contextlib import asynccontextmanager\n\nfrom fastapi import FastAPI\n\nfrom shop.settings import load\n\n\n"
    '@asynccontextmanager\nasync def lifespan(app):\n    app.state.settings = load({"region": "north"})\n    yield\n\n\n'
    "app = FastAPI(lifespan=lifespan)\n",
    "shop/settings.py": 'def load(raw):\n    return {"region": raw["region"], "currency": raw["currency"]}\n',
    "serve.py": LOG
    + "import asyncio\n\nfrom shop.main import app\n\n\nasync def start():\n    async with app.router.lifespan_context(app):\n"
    '        pass\n\n\ntry:\n    asyncio.run(start())\nexcept KeyError:\n    logging.getLogger("uvicorn.error").exception("startup failed")\n',
}


def failed_start(folder: Path, files: dict[str, str]) -> Project:
    """A project whose program, which lies elsewhere, could not start."""
    root = folder / "project"
    for name in ("shop", "logs", "tests"):
        (root / name).mkdir(parents=True)
    (root / "guwu.toml").write_text('logs = ["logs"]\ntest-roots = ["tests"]\n')
    program = folder / "deployed.py"
    for name, text in files.items():
        (program if name == "serve.py" else root / name).write_text(text)
    environment = {**clean_environment(), "PYTHONPATH": str(root)}
    subprocess.run([sys.executable, str(program)], cwd=root, env=environment, check=True)
    return Project(root)


@pytest.mark.parametrize(
    ("files", "act", "mended"),
    [
        (BLUEPRINTS, ["create_app()", 'import_module("wsgi")'], ("shop/pages.py", 'stock = Blueprint("pages"', 'stock = Blueprint("stock"')),
        (PLUGINS, ['import_module("shop.exporters")'], ("shop/exporters.py", '@register("csv")\nclass Excel', '@register("xlsx")\nclass Excel')),
        # Whether the file of settings or what reads it is mended, the application starts.
        (LIFESPAN, ["with TestClient(app):"], ("shop/main.py", '"north"}', '"north", "currency": "EUR"}')),
    ],
    ids=["blueprint", "plugin", "lifespan"],
)  # fmt: skip
def test_a_start_that_failed_is_made_again(
    files: dict[str, str], act: list[str], mended: tuple[str, str, str], tmp_path: Path
) -> None:
    shop = failed_start(tmp_path, files)
    (group,) = shop.json("scan")["groups"]
    (candidate,) = group["candidates"]
    text: Any = candidate["content"]
    assert candidate["tier"] == "create", candidate
    assert any(line in text for line in act), text
    test = shop.root / "tests" / "test_found.py"
    test.write_text(text)
    assert shop.pytest("tests/test_found.py").returncode == 1
    name, before, after = mended
    source = shop.root / name
    assert before in source.read_text()
    source.write_text(source.read_text().replace(before, after))
    green = shop.pytest("tests/test_found.py")
    assert green.returncode == 0, green.stdout
