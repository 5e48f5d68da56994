"""Directory service: a client reads and writes a group, then a developer opens the API's description."""
import asyncio
import json
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s:  %(asctime)s %(name)s - %(message)s",
)
logging.getLogger("asyncio").setLevel(logging.WARNING)
log = logging.getLogger("uvicorn.error")
access = logging.getLogger("uvicorn.access")

import directory

GROUP = {"id": "8", "displayName": "Support", "members": [{"value": "31", "$ref": "/Users/31"}]}
REQUESTS = [("GET", "/Groups/7", None), ("PUT", "/Groups/8", GROUP), ("GET", "/openapi.json", None)]


def serve(app, method, path, body):
    """What the ASGI server does for one request."""
    content = json.dumps(body).encode() if body is not None else b""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"directory.test"), (b"content-type", b"application/json")],
        "client": ("10.1.4.20", 41822),
        "server": ("10.1.4.2", 8000),
    }
    status = []

    async def receive():
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            status.append(message["status"])

    try:
        asyncio.run(app(scope, receive, send))
    finally:
        access.info('10.1.4.20:41822 - "%s %s HTTP/1.1" %d', method, path, status[0])


def main():
    for request in REQUESTS:
        serve(directory.app, *request)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("Exception in ASGI application")
        sys.exit(1)
