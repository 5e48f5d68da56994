"""Builds the wheel, installs it with pytest into every CPython that is there and runs the tests against it.

    python tests/run_all_pythons.py [--pytest SPEC] [--wheel FILE] [pytest arguments]

Interpreters: `python3.9` to `python3.14` on the path and under `~/.pyenv/versions`. Environments are kept in the
user's cache folder. It is no test itself, and nothing runs it by default.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Union

FOLDER = Path(__file__).resolve().parents[1]
SUPPORTED = range(9, 15)


def main() -> int:
    """Run everything; status 1 when any interpreter fails."""
    parser = argparse.ArgumentParser(description="test the wheel under every CPython that is there")
    parser.add_argument("--pytest", default="pytest", help="the requirement, such as `pytest==7.0.*`")
    parser.add_argument("--wheel", type=Path, help="a wheel to test instead of building one")
    options, arguments = parser.parse_known_args()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "guwu"
    wheel = (options.wheel or _build(cache)).resolve()
    failed = []
    interpreters = _interpreters()
    for version, python in interpreters.items():
        print(f"== CPython {version}", flush=True)
        environment = _environment(cache, version, python, options.pytest, wheel)
        program = environment.parent / ("guwu.exe" if os.name == "nt" else "guwu")
        command = [str(environment), "-m", "pytest", "-p", "no:cacheprovider", "-q", "--no-guwu", *arguments]
        # Away from the sources, so that only the installed package can be imported.
        done = subprocess.run(
            [*command, f"--rootdir={FOLDER}", "-c", str(FOLDER / "pyproject.toml"), str(FOLDER / "tests")],
            cwd=cache,
            env={**os.environ, "GUWU_BINARY": str(program)},
            check=False,
        )
        if done.returncode != 0:
            failed.append(version)
    print(f"ran: {', '.join(interpreters)}; failed: {', '.join(failed) or 'none'}")
    return 1 if failed or not interpreters else 0


def _interpreters() -> dict[str, str]:
    """Return the newest interpreter of each supported version, 3.9 first."""
    found: dict[str, str] = {}
    versions = Path.home() / ".pyenv" / "versions"
    for minor in SUPPORTED:
        names = [str(path) for path in sorted(versions.glob(f"3.{minor}.*/bin/python"), key=_patch)]
        on_path = shutil.which(f"python3.{minor}")
        candidates = [*reversed(names), *([on_path] if on_path else [])]
        for candidate in candidates:
            if _works(candidate, minor):
                found[f"3.{minor}"] = candidate
                break
    return found


def _patch(python: Path) -> int:
    digits = re.search(r"3\.\d+\.(\d+)", str(python))
    return int(digits[1]) if digits else 0


def _works(python: str, minor: int) -> bool:
    code = f"import sys, venv; sys.exit(sys.version_info[:2] != (3, {minor}))"
    return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0


def _build(cache: Path) -> Path:
    wheels = cache / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    _run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", wheels, FOLDER])
    return next(wheels.glob("guwu-*.whl"))


def _environment(cache: Path, version: str, python: str, pytest: str, wheel: Path) -> Path:
    """Return the interpreter of the environment, with this very wheel installed."""
    folder = cache / "environments" / f"{version}-{re.sub(r'[^a-z0-9.]+', '-', pytest)}"
    inside = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not inside.is_file():
        _run([python, "-m", "venv", folder])
        _run([inside, "-m", "pip", "install", "--quiet", pytest, "pytest-xdist"])
    _run([inside, "-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall", wheel])
    return inside


def _run(command: Sequence[Union[str, Path]]) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    sys.exit(main())
