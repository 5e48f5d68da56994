"""Documentation job: collects the help pages of a tool."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("docs.build")

import contextlib
import io

import release_tool


def page(arguments):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        release_tool.cli.main(arguments, prog_name="release", standalone_mode=False)
    return out.getvalue()


def main():
    for arguments in (["--help"], ["bump", "--help"], ["notes", "--since", "1.2"], ["notes", "--help"]):
        log.info("page %s: %d lines", " ".join(arguments), len(page(arguments).splitlines()))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("help pages not built")
        sys.exit(1)
    log.info("help pages built")
