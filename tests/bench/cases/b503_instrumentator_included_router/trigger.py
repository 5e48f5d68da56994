"""Tram departures behind an ASGI server, after the framework was brought up to date."""
import asyncio
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s:     %(asctime)s %(message)s",
)
from tram.main import app

log = logging.getLogger("uvicorn.error")
access = logging.getLogger("uvicorn.access")


async def get(path):
    """What the ASGI server does for one GET request."""
    path, _, query = path.partition("?")
    scope = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": "GET",
             "scheme": "https", "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
             "headers": [(b"host", b"tram.example"), (b"accept", b"application/json")],
             "client": ("198.51.100.27", 55012), "server": ("10.1.1.5", 8080), "state": {}}
    status = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            status.append(message["status"])

    await app(scope, receive, send)
    return status[0]


def main():
    for path in ("/health", "/metrics", "/stops/theatre/departures?limit=1", "/stops"):
        try:
            status = asyncio.run(get(path))
        except Exception:
            access.info('198.51.100.27:55012 - "GET %s HTTP/1.1" 500 Internal Server Error', path)
            raise
        access.info('198.51.100.27:55012 - "GET %s HTTP/1.1" %d', path, status)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("Exception in ASGI application")
        sys.exit(1)
    log.info("Finished server process [1]")
