"""Download service behind an adapter that hands a bare HTTP scope to the application."""
import asyncio
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s [%(process)s] %(levelname)s %(name)s %(message)s".replace("%(process)s", "31"),
)
log = logging.getLogger("adapter")

from downloads import app


def handle(event):
    """What the adapter does for one event: build the scope, call the application, collect the answer."""
    headers = [(name.lower().encode(), value.encode()) for name, value in event["headers"].items()]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.0"},
        "http_version": "1.1",
        "method": event["method"],
        "scheme": "https",
        "path": event["path"],
        "raw_path": event["path"].encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": (event["source"], 0),
        "server": ("reports.test", 443),
    }
    answer = {"status": 500, "body": b""}

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            answer["status"] = message["status"]
        else:
            answer["body"] += message.get("body", b"")

    asyncio.run(app(scope, receive, send))
    return answer


def main():
    exports = Path("exports")
    exports.mkdir(exist_ok=True)
    (exports / "2026-09.csv").write_text("day,orders\n1,31\n2,28\n")
    for method, path in (("GET", "/exports"), ("HEAD", "/exports/2026-09"), ("GET", "/exports/2026-09")):
        event = {"method": method, "path": path, "source": "198.51.100.4", "headers": {"Host": "reports.test"}}
        answer = handle(event)
        log.info("%s %s -> %d, %d bytes", method, path, answer["status"], len(answer["body"]))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("unhandled error in application")
        sys.exit(1)
