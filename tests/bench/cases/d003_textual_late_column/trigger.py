"""Stock room terminal: the clerk opens the list and asks for the prices."""
import asyncio
import csv
import io
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s %(asctime)s %(module)s: %(message)s",
)
log = logging.getLogger("stock.terminal")

from stockview import StockView

STOCK = """sku,name,shelf,price
B-11,Bolt M6,A3,0.12
N-11,Nut M6,A3,0.08
W-40,Washer,,
"""


def read_stock(file):
    for row in csv.DictReader(file):
        row["price"] = float(row["price"]) if row["price"] else None
        yield row


async def session(keys):
    app = StockView(list(read_stock(io.StringIO(STOCK))))
    log.info("terminal 2: %d articles", len(app.articles))
    async with app.run_test(size=(60, 12)) as clerk:
        await clerk.pause()
        for key in keys:
            log.info("terminal 2: key %s", key)
            await clerk.press(key)
            await clerk.pause()


def main():
    asyncio.run(session(["down", "p", "up"]))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("terminal 2: session died")
        sys.exit(1)
    log.info("terminal 2: session closed")
