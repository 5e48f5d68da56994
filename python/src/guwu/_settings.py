"""What the pytest plugin goes by: flags, environment, TOML files, pytest's ini file, ``tools/guwu/config.py``.

The order and the names are those of ``guwu config``. Only the switches of the plugin itself are read here, everything
else is the program's. A file or value that makes no sense is passed over: the program reads the same files and says
what is wrong with them.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import pytest

#: Every setting of the program, so that pytest knows its ini keys; `guwu config` prints the same names.
NAMES = (
    "phase4-enabled",
    "auto-generate-tests",
    "confidence-threshold",
    "draft-threshold",
    "log-monitoring",
    "use-ai-generation",
    "logs",
    "log-format",
    "source-roots",
    "test-roots",
    "state-dir",
    "python",
    "test-timeout",
    "test-memory",
    "test-file-size",
    "allow-processes",
    "allow-hosts",
    "keep-environment",
    "in-app-include",
    "in-app-exclude",
    "read-only",
    "pytest",
    "timeout",
    "strict",
)

#: Seconds that the program may take where nothing else is said.
TIMEOUT = 60.0

#: Variables that continuous integration services set.
CI_VARIABLES = (
    "CI",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "BUILDKITE",
    "TF_BUILD",
    "JENKINS_URL",
    "TEAMCITY_VERSION",
    "CIRCLECI",
    "TRAVIS",
    "APPVEYOR",
    "DRONE",
    "BITBUCKET_BUILD_NUMBER",
    "CODEBUILD_BUILD_ID",
)

_TRUE = ("true", "1", "yes", "on")
_FALSE = ("false", "0", "no", "off")


@dataclass(frozen=True)
class Settings:
    """The plugin's own switches."""

    enabled: bool
    timeout: float
    strict: bool
    read_only: bool
    #: The variable that tells of continuous integration; it is why ``read_only`` holds. ``None``: not there, or
    #: somebody decided about ``read_only``.
    ci: Optional[str]
    #: Whether somebody said which interpreter runs the tests; else it is the one that runs pytest.
    has_python: bool


def constant(name: str) -> str:
    """``read-only`` as environment, ini files and ``config.py`` spell it."""
    return "GUWU_" + name.replace("-", "_").upper()


def resolve(config: pytest.Config, environment: Mapping[str, str]) -> Settings:
    """The settings of this run."""
    layers: list[Mapping[str, Any]] = [
        _flags(config),
        {name: environment.get(constant(name)) or None for name in NAMES},
        _toml(config.rootpath),
        _ini(config),
        _constants(config.rootpath),
    ]

    def switch(name: str, default: Optional[bool]) -> Optional[bool]:
        values = (_switch(layer.get(name)) for layer in layers)
        return next((value for value in values if value is not None), default)

    timeouts = (_seconds(layer.get("timeout")) for layer in layers)
    read_only = switch("read-only", None)
    ci = _ci(environment) if read_only is None else None
    return Settings(
        enabled=bool(switch("phase4-enabled", True) and switch("pytest", True)),
        timeout=next((value for value in timeouts if value is not None), TIMEOUT),
        strict=bool(switch("strict", False)),
        read_only=bool(read_only) or ci is not None,
        ci=ci,
        has_python=any(layer.get("python") for layer in layers),
    )


def _ci(environment: Mapping[str, str]) -> Optional[str]:
    for name in CI_VARIABLES:
        value = environment.get(name, "").strip().lower()
        if value and value not in _FALSE:
            return name
    return None


def _switch(value: object) -> Optional[bool]:
    text = str(value).strip().lower()
    if text in _TRUE:
        return True
    return False if text in _FALSE else None


def _seconds(value: object) -> Optional[float]:
    try:
        seconds = float(str(value))
    except ValueError:
        return None
    # A day stands for any longer wait: the clock of a wait has an upper limit.
    return min(seconds, 86400.0) if seconds > 0 else None


def _flags(config: pytest.Config) -> dict[str, Any]:
    return {
        "pytest": False if config.getoption("guwu_off") else None,
        "timeout": config.getoption("guwu_timeout"),
        "strict": config.getoption("guwu_strict"),
        "read-only": config.getoption("guwu_read_only"),
    }


def _ini(config: pytest.Config) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in NAMES:
        for spelling in (constant(name).lower(), constant(name)):
            found[name] = found.get(name) or _ini_value(config, spelling)
    found["pytest"] = found["pytest"] or _ini_value(config, "guwu")
    return found


def _ini_value(config: pytest.Config, key: str) -> object:
    try:
        value: object = config.getini(key)
    except Exception:
        # pytest's own TOML table has types and ours is registered as text: take what is written.
        written: Any = config.inicfg.get(key)
        value = getattr(written, "value", written)
    return None if value is None else str(value)


def _toml(root: Path) -> Mapping[str, Any]:
    """``guwu.toml`` or ``[tool.guwu]``, from the root upwards to the end of the repository."""
    for folder in _folders(root):
        own = folder / "guwu.toml"
        if own.is_file():
            return _load(own)
        tool = _load(folder / "pyproject.toml").get("tool")
        table = tool.get("guwu") if isinstance(tool, dict) else None
        if isinstance(table, dict):
            return table
    return {}


def _folders(root: Path) -> Iterator[Path]:
    for folder in (root, *root.parents):
        yield folder
        if (folder / ".git").exists():
            return


def _load(path: Path) -> dict[str, Any]:
    try:
        # Before 3.11 pytest itself brings tomli.
        toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
        document: dict[str, Any] = toml.loads(path.read_text(encoding="utf-8"))
    except (ImportError, OSError, ValueError):
        return {}
    return document


def _constants(root: Path) -> dict[str, Any]:
    """The constants of ``tools/guwu/config.py``, which is read and never run."""
    path = root / "tools" / "guwu" / "config.py"
    names = {constant(name): name for name in NAMES}
    found: dict[str, Any] = {}
    try:
        statements = ast.parse(path.read_bytes()).body
    except (OSError, SyntaxError, ValueError):
        return found
    for statement in statements:
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name) and target.id in names and isinstance(statement.value, ast.Constant):
                found[names[target.id]] = statement.value.value
    return found
