"""Support chat behind an ASGI server."""
import asyncio
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s [%(process)d] [%(levelname)s] %(message)s",
)
log = logging.getLogger("hypercorn.error")

import chat


async def session(app, messages):
    """What the ASGI server does for one WebSocket."""
    scope = {"type": "websocket", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "scheme": "ws",
             "path": "/chat", "raw_path": b"/chat", "query_string": b"", "root_path": "", "headers": [(b"host", b"shop.test")],
             "client": ("10.1.4.7", 50213), "server": ("127.0.0.1", 8000), "subprotocols": []}
    incoming = iter([{"type": "websocket.connect"}, *messages])
    sent = []

    async def receive():
        return next(incoming)

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    return sent


def main():
    polite = [{"type": "websocket.receive", "text": "hello"}, {"type": "websocket.disconnect", "code": 1001}]
    vanished = [{"type": "websocket.receive", "text": "hello"}, {"type": "websocket.disconnect", "code": None}]
    for number, messages in enumerate((polite, vanished), 1):
        sent = asyncio.run(session(chat.app, messages))
        log.info("websocket %d closed with %s after %d messages", number, chat.closed[-1], len(sent))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("Error in ASGI Framework")
        sys.exit(1)
