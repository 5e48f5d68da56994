"""Haulier's portal: a browser and the dispatchers' single-page application ask for a price list.

The application switches caching off in the way of AngularJS: `If-Modified-Since: 0`.
"""
import asyncio
import logging
import os
import sys
import tempfile
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(levelname)1.1s %(asctime)s %(module)s:%(lineno)d] %(message)s",
    datefmt="%y%m%d %H:%M:%S",
)
log = logging.getLogger("portal")

import tornado.httpclient
import tornado.httpserver
import tornado.netutil

from portal import make_app

REQUESTS = [
    ("/status", {}),
    ("/prices/2026.json", {}),
    ("/prices/2026.json", {"If-Modified-Since": "Mon, 02 Mar 2026 08:00:00 GMT"}),
    ("/prices/2026.json", {"If-Modified-Since": "0", "Cache-Control": "no-cache"}),
    ("/status", {}),
]


async def play(folder):
    sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
    server = tornado.httpserver.HTTPServer(make_app(folder))
    server.add_sockets(sockets)
    port = sockets[0].getsockname()[1]
    log.info("portal starts, price lists in %s", Path(folder).name)
    client = tornado.httpclient.AsyncHTTPClient()
    worst = 0
    try:
        for path, headers in REQUESTS:
            response = await client.fetch(f"http://127.0.0.1:{port}{path}", headers=headers, raise_error=False)
            worst = max(worst, response.code)
    finally:
        server.stop()
        await server.close_all_connections()
    return worst


def main():
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "pricelists"
        folder.mkdir()
        (folder / "2026.json").write_text('{"hamburg-bremen": 214.5, "hamburg-kiel": 180.0}')
        return asyncio.run(play(str(folder)))


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
