"""A copy of the example project that has really run, and the real binary."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
#: A program that a test runs, with tests of its own.
collect_ignore = ["hostile"]

EXAMPLES = REPOSITORY / "examples"
EXAMPLE = EXAMPLES / "knowledge-graph"


def binary() -> Path:
    """The guwu under test: `GUWU_BINARY`, else the debug build."""
    given = os.environ.get("GUWU_BINARY")
    path = Path(given) if given else REPOSITORY / "target" / "debug" / "guwu"
    path = path if path.is_absolute() else REPOSITORY / path
    if not path.exists():
        pytest.fail(f"no guwu binary at `{path}`; run cargo build -p guwu")
    return path


def clean_environment() -> dict[str, str]:
    """The environment of a developer's shell, without what the test runner adds."""
    drop = ("GUWU_", "PYTEST_", "COV_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(drop) and k not in ("CI", "PYTHONPATH")}
    kept["GUWU_PYTHON"] = sys.executable
    return kept


@dataclass
class Project:
    """A project folder to work in."""

    root: Path
    example: Path = EXAMPLE

    def guwu(self, *args: str, stdin: str = "", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run the binary in the project."""
        return subprocess.run(
            [str(binary()), *args],
            cwd=self.root,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=180,
            env={**clean_environment(), **(env or {})},
            check=False,
        )

    def json(self, *args: str, stdin: str = "") -> Any:
        """Run the binary and read its JSON; a usage or internal error fails the test."""
        done = self.guwu(*args, "--format", "json", stdin=stdin)
        assert done.returncode in (0, 1), done.stderr
        return json.loads(done.stdout)

    def run_production(self, *args: str) -> None:
        """Run the application for real, so that it logs."""
        subprocess.run(
            [sys.executable, "run_production.py", *args],
            cwd=self.root,
            check=True,
            capture_output=True,
            timeout=120,
            # Where an application installs the wheel, `guwu.capture` is there.
            env={**clean_environment(), "PYTHONPATH": str(REPOSITORY / "python" / "src")},
        )

    def pytest(self, *args: str) -> subprocess.CompletedProcess[str]:
        """Run pytest as the team would, without any plugin of ours."""
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:guwu", "-p", "no:cacheprovider", *args],
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=180,
            env=clean_environment(),
            check=False,
        )

    def patch(self, name: str, *, reverse: bool = False) -> None:
        """Apply (or take back) one of the example's fixes."""
        command = ["git", "apply", *(["-R"] if reverse else []), str(self.example / "patches" / name)]
        subprocess.run(command, cwd=self.root, check=True, capture_output=True)

    def files(self) -> dict[str, bytes]:
        """Every file of the project but the store's own."""
        return {
            str(p.relative_to(self.root)): p.read_bytes()
            for p in sorted(self.root.rglob("*"))
            if p.is_file() and "__pycache__" not in p.parts and "guwu" not in p.parts[-3:]
        }

    def turns_green(self, candidate: Any, path: str, text: str, bug: str, fix: str) -> None:
        """A candidate is red, and green once the text of a module is the fixed one."""
        test = self.root / "tests" / "test_found.py"
        test.write_text(candidate["content"])
        assert self.pytest("tests/test_found.py").returncode == 1
        assert bug in text
        (self.root / path).write_text(text.replace(bug, fix))
        green = self.pytest("tests/test_found.py")
        assert green.returncode == 0, green.stdout


def check_out(example: Path, folder: Path) -> Project:
    """An example as a developer has checked it out; nothing has run yet."""
    root = folder / example.name
    shutil.copytree(
        example,
        root,
        ignore=shutil.ignore_patterns(
            "logs", "tools", "__pycache__", "patches", ".pytest_cache", ".*_cache", "*.sqlite3"
        ),
    )
    return Project(root, example)


def failed(folder: Path, module: str, text: str, application: str, said: str = "") -> Project:
    """A project of one module, after an application that it does not hold failed over it."""
    root = folder / "project"
    source = root / module
    source.parent.mkdir(parents=True)
    (source.parent / "__init__.py").write_text("")
    source.write_text(text)
    (root / "logs").mkdir()
    (root / "tests").mkdir()
    (root / "guwu.toml").write_text('logs = ["logs"]\ntest-roots = ["tests"]\n')
    deployed = folder / "deployed" / "application.py"
    deployed.parent.mkdir()
    deployed.write_text(application)
    environment = {**clean_environment(), "PYTHONPATH": str(root)}
    subprocess.run([sys.executable, str(deployed)], cwd=root, env=environment, input=said, text=True, check=True)
    return Project(root)


SERVED = """
import asyncio, http.server, json, logging, os, sys, tempfile, threading

sys.path.insert(0, SOURCE)
import guwu.capture

guwu.capture.install("logs/guwu-failures.jsonl")
logging.basicConfig(filename="logs/app.log")

ANSWERS = {}


class Service(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.partition("?")[0]
        body = json.dumps(ANSWERS.get(path), ensure_ascii=False).encode()
        self.send_response(200 if path in ANSWERS else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
URL = f"http://127.0.0.1:{server.server_port}"
"""


def served(answers: dict[str, Any]) -> str:
    """The beginning of an application that captures its failures, beside a service that answers so and is at `URL`."""
    source = repr(str(REPOSITORY / "python" / "src"))
    return SERVED.replace("SOURCE", source).replace("ANSWERS = {}", f"ANSWERS = {answers!r}")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The first example; nothing has run yet."""
    return check_out(EXAMPLE, tmp_path)
