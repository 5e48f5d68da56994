"""Gu Wu: reads failures out of production logs, writes the missing test and proves it by running it.

The work is done by the ``guwu`` program that this package carries; :mod:`guwu.plugin` runs it at the end of pytest.
"""

from __future__ import annotations

from importlib import metadata

from guwu._find_guwu import find_guwu

__all__ = ["__version__", "find_guwu"]

try:
    __version__: str = metadata.version("guwu")
except metadata.PackageNotFoundError:  # used from a source folder, not installed
    __version__ = "0.0.0"
