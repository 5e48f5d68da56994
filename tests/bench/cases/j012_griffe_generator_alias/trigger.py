"""Help pages of a radio station's mixer: tells of every plugin what it takes, from its docstring."""
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s\t%(name)s\t%(message)s",
)
log = logging.getLogger("mixer.help")

import griffe
import plugins


def help_page(function):
    """The lines of one plugin's page."""
    lines = []
    for section in griffe.parse_google(function.docstring):
        if section.kind is griffe.DocstringSectionKind.text:
            lines.append(section.value)
        elif section.kind is griffe.DocstringSectionKind.receives:
            lines += [f"takes {item.annotation}: {item.description}" for item in section.value]
    return lines


def main():
    source = Path(plugins.__file__)
    module = griffe.visit("plugins", filepath=source, code=source.read_text(encoding="utf-8"))
    failed = 0
    for name, function in module.functions.items():
        try:
            page = help_page(function)
        except Exception:
            log.error("no help page for %s", name, exc_info=True)
            failed += 1
        else:
            log.info("%s: %s", name, " / ".join(page))
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
