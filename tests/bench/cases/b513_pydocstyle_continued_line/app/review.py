"""Remarks about docstrings for those who hand in a change."""
from pydocstyle.checker import ConventionChecker
from pydocstyle.violations import conventions

CODES = conventions["pep257"] - {"D105", "D107"}


def remarks(path, source):
    found = ConventionChecker().check_source(source, path)
    return [f"{path}:{error.line} {error.code} {error.short_desc}" for error in found if error.code in CODES]
