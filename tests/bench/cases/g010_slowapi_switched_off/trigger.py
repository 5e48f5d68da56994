"""Quote service on the house's own network, where RATELIMIT_ENABLED is false."""
import asyncio
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s:     %(asctime)s - %(name)s - %(message)s",
)
log = logging.getLogger("uvicorn.error")
access = logging.getLogger("uvicorn.access")

from quotes import make_app


async def serve(app, path, query=b""):
    """What the ASGI server does for one GET request."""
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
             "path": path, "raw_path": path.encode(), "query_string": query, "root_path": "",
             "headers": [(b"host", b"quotes.test")], "client": ("10.1.4.7", 50213), "server": ("127.0.0.1", 8000)}
    status = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            status.append(message["status"])

    await app(scope, receive, send)
    return status[0]


def main():
    app = make_app()
    for path, query in (("/health", b""), ("/quote", b"lang=de")):
        access.info('10.1.4.7:50213 - "GET %s HTTP/1.1" %d', path, asyncio.run(serve(app, path, query)))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("Exception in ASGI application")
        sys.exit(1)
