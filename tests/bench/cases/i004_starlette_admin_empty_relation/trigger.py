"""Library administration behind an ASGI server: the list of shelves is filtered."""
import asyncio
import json
import logging
import os
import sys
from urllib.parse import urlencode

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s - %(name)s - %(levelname)s - %(message)s",
)
error_log = logging.getLogger("asgi.error")
access_log = logging.getLogger("asgi.access")

import library_admin


async def get(app, path, query):
    """One request, the way a server hands it to the application."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"library.example")],
        "client": ("10.1.0.4", 40122),
        "server": ("library.example", 80),
    }
    status = []
    incoming = [{"type": "http.request", "body": b"", "more_body": False}]
    answered = asyncio.Event()

    async def receive():
        if incoming:
            return incoming.pop()
        await answered.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.start":
            status.append(message["status"])
        elif not message.get("more_body"):
            answered.set()

    try:
        await app(scope, receive, send)
    except Exception:
        error_log.exception("Exception in ASGI application")
    access_log.info('10.1.0.4:40122 - "GET %s?%s HTTP/1.1" %d', path, query, status[0])
    return status[0]


def main():
    app = library_admin.create_app()
    searches = [
        ("/admin/api/book", {"title": {"contains": "o"}}),
        ("/admin/api/shelf", {"books": {"is_null": {}}}),
    ]
    worst = 200
    for path, where in searches:
        query = urlencode({"skip": 0, "limit": 10, "where": json.dumps(where)})
        worst = max(worst, asyncio.run(get(app, path, query)))
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
