"""A project on disk and real pytest runs in it, each a process of its own with the real plugin.

Installed (as tests/run_all_pythons.py does it) the installed package is tested; else the sources, made known to
pytest by the metadata that an installation would have.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Optional

import pytest

SOURCES = Path(__file__).resolve().parents[1] / "src"
REPOSITORY = SOURCES.parents[1]

ALERT = """\
[Gu Wu] Detected 1 production failure since last run
[Gu Wu] Generated missing integration test: tests/integration/test_refresh_ontology_cache_integration.py
[Gu Wu] Confidence: 85% - fails today as in production (TypeError in refresh_ontology_cache)

CRITICAL: production bug detected
   File: app/facade.py
   Next steps:
   1. Review the generated test
"""

#: Prints the alert and notes how it was called, as the program's contract says.
TELLS = f"""\
import json, os, sys
with open("calls.jsonl", "a") as calls:
    kept = {{name: value for name, value in os.environ.items() if name.startswith("GUWU_")}}
    call = {{"arguments": sys.argv[1:], "environment": kept, "stdin": sys.stdin.read(), "folder": os.getcwd()}}
    print(json.dumps(call), file=calls)
sys.stdout.write({ALERT!r})
sys.exit(1)
"""


def program(folder: Path, body: str, name: str = "guwu-stand-in") -> Path:
    """Make an executable Python script: what a `GUWU_BINARY` may point to in a broken installation."""
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / name
    script.write_text(f"#!{sys.executable}\n{body}", encoding="utf-8")
    if os.name == "nt":
        start = folder / f"{name}.cmd"
        start.write_text(f'@"{sys.executable}" "{script}" %*\n', encoding="utf-8")
        return start
    script.chmod(0o755)
    return script


def real_program() -> Optional[Path]:
    """Find the real program: `GUWU_BINARY`, else what cargo built in this repository."""
    given = os.environ.get("GUWU_BINARY")
    if given:
        return Path(given)
    name = "guwu.exe" if os.name == "nt" else "guwu"
    built = [REPOSITORY / "target" / kind / name for kind in ("debug", "release")]
    return next((path for path in built if path.is_file()), None)


def _installed() -> bool:
    try:
        return metadata.distribution("guwu").read_text("entry_points.txt") is not None
    except metadata.PackageNotFoundError:
        return False


if not _installed():
    sys.path.insert(0, str(SOURCES))

from capture_support import Lines  # noqa: E402 - it needs the package


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Lines]:
    """Capture the failures of a test, whose folder is the application's."""
    from guwu import capture

    path = tmp_path / "failures.jsonl"
    capture.install(path, roots=Path(__file__).parent, limits=capture.Limits(seconds=60))
    yield Lines(path)
    capture.uninstall()


@dataclass
class Run:
    """What a pytest run left."""

    status: int
    out: str
    err: str

    @property
    def said(self) -> list[str]:
        """The lines of Gu Wu."""
        return [line for line in self.out.splitlines() if "[Gu Wu]" in line]


@dataclass
class Project:
    """A folder with tests."""

    root: Path
    #: What the environment has besides what every run has.
    environment: dict[str, str] = field(default_factory=dict)
    #: Folders in front of the import path.
    paths: list[Path] = field(default_factory=list)

    def write(self, name: str, text: str) -> Path:
        """Put a file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def use(self, body: str) -> None:
        """Make a script with this body the program."""
        self.environment["GUWU_BINARY"] = str(program(self.root.parent / "program", body))

    def python(self, *arguments: str, environment: Optional[Mapping[str, str]] = None) -> Run:
        """Run this interpreter in the project."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=self._environment(environment or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
        )
        return Run(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))

    def pytest(self, *arguments: str, environment: Optional[Mapping[str, str]] = None) -> Run:
        """Run pytest; whatever happens, no exception may show."""
        run = self.python("-m", "pytest", "-p", "no:cacheprovider", *arguments, environment=environment)
        assert "INTERNALERROR" not in run.out + run.err, run.out + run.err
        return run

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        # Nothing of the run that runs these tests, and no continuous integration unless a test says so.
        kept = ("PATH", "HOME", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH", "USERPROFILE", "LANG")
        base = {name: os.environ[name] for name in kept if name in os.environ}
        base["PYTHONPATH"] = os.pathsep.join(map(str, self.paths))
        base["PYTHONDONTWRITEBYTECODE"] = "1"
        return {**base, **self.environment, **more}


@pytest.fixture(scope="session")
def import_paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return what an import path needs for the plugin to be loaded by its entry point."""
    if _installed():
        return []
    folder = tmp_path_factory.mktemp("site")
    info = folder / "guwu-0.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: guwu\nVersion: 0.0.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[pytest11]\nguwu = guwu.plugin\n", encoding="utf-8")
    return [SOURCES, folder]


@pytest.fixture
def project(tmp_path: Path, import_paths: list[Path]) -> Project:
    """Make a repository with one passing test and a program that tells of a failure."""
    made = Project(tmp_path / "project", paths=import_paths)
    made.root.mkdir()
    (made.root / ".git").mkdir()
    made.write("tests/test_green.py", "def test_green():\n    assert True\n")
    made.use(TELLS)
    return made
