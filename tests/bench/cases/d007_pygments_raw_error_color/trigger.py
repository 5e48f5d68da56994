"""Nightly job that dumps the tokens of customers' snippets for the support desk."""
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s|%(asctime)s|%(name)s|%(message)s",
)
log = logging.getLogger("snippets.dump")

from pygments import highlight
from pygments.formatters import get_formatter_by_name
from pygments.lexers import get_lexer_for_filename

INBOX = {
    "ticket-4410.json": '{"amount": 12.5, "open": true}\n',
    "ticket-4411.py": "total = price * count\nprint(total)\n",
    "ticket-4412.py": "total = price ? count\nprint($total)\n",
}


def dump(path, out):
    lexer = get_lexer_for_filename(path.name)
    formatter = get_formatter_by_name("raw", error_color="red")
    with open(out, "wb") as file:
        highlight(path.read_text(), lexer, formatter, file)
    return out.stat().st_size


def main():
    inbox = Path("inbox")
    inbox.mkdir(exist_ok=True)
    for name, text in INBOX.items():
        (inbox / name).write_text(text)
    for path in sorted(inbox.iterdir()):
        log.info("%s -> %d bytes", path.name, dump(path, path.with_suffix(".tokens")))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("dump failed")
        sys.exit(1)
    log.info("all snippets dumped")
