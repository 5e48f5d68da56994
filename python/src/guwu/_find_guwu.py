"""Where the ``guwu`` program is, whichever way the package was installed."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path


def find_guwu() -> str:
    """Path of the program.

    The environment variable ``GUWU_BINARY`` decides alone where it is set. Raises FileNotFoundError with a
    message for people where there is no program.
    """
    given = os.environ.get("GUWU_BINARY")
    if given:
        if os.path.isfile(given):
            return given
        raise FileNotFoundError(f"`GUWU_BINARY` names `{given}`, which is no file; correct or unset it")
    name = "guwu" + (sysconfig.get_config_var("EXE") or "")
    for folder in _folders():
        program = os.path.join(folder, name)
        if os.path.isfile(program):
            return program
    on_path = shutil.which("guwu")
    if on_path is not None:
        return on_path
    raise FileNotFoundError(
        "the `guwu` program is missing from this installation; "
        "run `pip install --force-reinstall guwu` or set `GUWU_BINARY` to its path"
    )


def _folders() -> Iterator[str]:
    """Script folders, the likely first."""
    yield sysconfig.get_path("scripts")
    # A virtual environment that sees the packages of the interpreter it was made from.
    yield sysconfig.get_path("scripts", vars={"base": sys.base_prefix})
    package = Path(__file__).absolute().parent
    # `pip install --target` puts `bin` beside the packages; `--prefix` puts it beside `lib`.
    yield str(package.parent / "bin")
    if len(package.parents) > 3:
        yield str(package.parents[3] / ("Scripts" if os.name == "nt" else "bin"))
    yield sysconfig.get_path("scripts", scheme=_user_scheme())


def _user_scheme() -> str:
    if sys.version_info >= (3, 10):
        return sysconfig.get_preferred_scheme("user")
    if os.name == "nt":
        return "nt_user"
    if sys.platform == "darwin" and getattr(sys, "_framework", ""):
        return "osx_framework_user"
    return "posix_user"
