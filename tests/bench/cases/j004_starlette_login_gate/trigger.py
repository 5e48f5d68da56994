"""Members' portal behind an ASGI server."""
import asyncio
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s: %(asctime)s %(name)s %(message)s",
)
error_log = logging.getLogger("server.error")
access_log = logging.getLogger("server.access")

import portal

VISITS = [("/login", None), ("/invoices", b"member=4711"), ("/invoices", None)]


async def get(app, path, cookie):
    """One request, the way a server hands it to the application."""
    headers = [(b"host", b"portal.example")]
    if cookie:
        headers.append((b"cookie", cookie))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("198.51.100.7", 39022),
        "server": ("portal.example", 443),
    }
    status = [500]

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            status[0] = message["status"]

    try:
        await app(scope, receive, send)
    except Exception:
        error_log.exception("Exception in ASGI application")
    access_log.info('198.51.100.7:39022 - "GET %s HTTP/1.1" %d', path, status[0])
    return status[0]


def main():
    app = portal.create_app()
    return max(asyncio.run(get(app, path, cookie)) for path, cookie in VISITS)


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
