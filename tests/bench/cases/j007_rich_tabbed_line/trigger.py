"""Night desk: lays out the stock exchange's tab separated ticker for a teleprinter with fixed columns."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(name)s %(levelname)s - %(message)s",
)
log = logging.getLogger("desk.ticker")

from rich.text import Text

TICKER = ["Ticker of the night", "ACME\t102.50\t+1.2", "HAL\t88.10\t-0.4"]
WIDTH = 40


def lay_out(line):
    text = Text(line, style="bold" if line.isupper() else "")
    text.highlight_regex(r"-\d+\.\d+", "red")
    text.expand_tabs()
    text.truncate(WIDTH, pad=True)
    return text


def main():
    for number, line in enumerate(TICKER, 1):
        log.info("line %d: %s", number, lay_out(line).plain.rstrip())


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("ticker not printed")
        sys.exit(1)
