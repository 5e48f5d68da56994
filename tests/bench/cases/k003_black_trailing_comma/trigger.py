"""Formatting service: editors of a team send their buffers to blackd, with the Python versions of their project."""
import asyncio
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
)
import blackd
from aiohttp.test_utils import TestClient, TestServer

access = logging.getLogger("format.access")

BUFFER = "def total(prices):\n    return sum( price for price in prices )\n"


def variant_header(targets):
    """As the editors' plug-in puts it together: every version with a comma behind it."""
    return "".join(f"{target}," for target in targets)


async def serve():
    worst = 200
    async with TestClient(TestServer(blackd.make_app())) as client:
        for user, variant in (("mira", "py311"), ("tomas", variant_header(["py310", "py311"]))):
            headers = {blackd.PYTHON_VARIANT_HEADER: variant, "Content-Type": "text/x-python; charset=utf-8"}
            response = await client.post("/", data=BUFFER.encode(), headers=headers)
            access.info("%s POST / %s -> %d", user, variant, response.status)
            worst = max(worst, response.status)
    return worst


def main():
    return asyncio.run(serve())


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
