"""Manuals site: two customers fetch a paper, then a robot tries its luck."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s in %(module)s: %(message)s",
)
import asyncio
from pathlib import Path

from manuals import app

access = logging.getLogger("hypercorn.access")
REQUESTS = ("/health", "/papers/kettle/quickstart.txt", "/papers/kettle/../../../../etc/passwd")


async def serve():
    statuses = []
    client = app.test_client()
    for path in REQUESTS:
        answer = await client.get(path)
        access.info('203.0.113.80 - - "GET %s 1.1" %d', path, answer.status_code)
        statuses.append(answer.status_code)
    return max(statuses)


def main():
    folder = Path("papers/kettle")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "quickstart.txt").write_text("Fill. Switch on. Wait.\n")
    app.config["PAPERS"] = str(folder.parent.resolve())
    return asyncio.run(serve())


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
