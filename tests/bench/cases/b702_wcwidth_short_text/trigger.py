"""Kitchen display: orders as rows of fixed width, whatever script the dishes are written in."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s.%(msecs)03d;%(levelname)s;%(name)s;%(message)s",
    datefmt="%Y-%m-%d %H:%M:%S",
)
log = logging.getLogger("kitchen.display")

from wcwidth import wcswidth

NAME_LENGTH = 16  # characters of a dish that are shown
ORDERS = [
    {"table": 4, "dishes": [(2, "Gemüsesuppe mit Klößchen"), (1, "Wiener Schnitzel mit Pommes")]},
    {"table": 9, "dishes": [(1, "担々麺"), (3, "Grüner Tee")]},
    {"table": 1, "dishes": [(1, "비빔밥 (vegan) ohne Ei, extra scharf")]},
]


def row(count, dish, columns=40):
    shown = wcswidth(dish, NAME_LENGTH)
    return f"{count:>2} {dish[:NAME_LENGTH]}{'.' * (columns - 3 - shown)}"


def show(order):
    rows = [row(count, dish) for count, dish in order["dishes"]]
    log.info("table %d: %d rows, longest %d columns", order["table"], len(rows), max(wcswidth(r) for r in rows))


def main():
    for order in ORDERS:
        show(order)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("display stopped")
        sys.exit(1)
    log.info("all orders shown")
