"""Dashboard of a shop: how many customers of each branch order again and again?"""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-8s [%(name)s] %(message)s",
)
log = logging.getLogger("uvicorn.error")
access = logging.getLogger("uvicorn.access")

import asyncio

from tortoise import Tortoise

from orders import Customer, Order, app

ORDERS = {("Ada", "Bern"): (240, 130, 12), ("Bob", "Bern"): (20,), ("Cyd", "Basel"): (310, 45), ("Dee", "Basel"): ()}
REQUESTS = (
    ("/branches/Bern/customers", ""), ("/branches/Bern/regulars", ""), ("/branches/Basel/regulars", ""),
    ("/branches/Bern/regulars", "orders=3"), ("/branches/Basel/regulars", "orders=3"),
)


async def serve(path, query):
    """What the ASGI server does for one GET request."""
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
             "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
             "headers": [(b"host", b"office.test")], "client": ("10.0.3.8", 51222), "server": ("10.0.3.2", 8000)}
    statuses = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    try:
        await app(scope, receive, send)
    except Exception:
        log.exception("Exception in ASGI application")
    target = f"{path}?{query}" if query else path
    access.info('10.0.3.8:51222 - "GET %s HTTP/1.1" %d', target, statuses[0])
    return statuses[0]


async def run():
    await Tortoise.init(db_url="sqlite://:memory:", modules={"models": ["orders"]})
    await Tortoise.generate_schemas()
    for (name, branch), totals in ORDERS.items():
        customer = await Customer.create(name=name, branch=branch)
        for total in totals:
            await Order.create(customer=customer, total=total)
    try:
        return max([await serve(path, query) for path, query in REQUESTS])
    finally:
        await Tortoise.close_connections()


def main():
    return asyncio.run(run())


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
