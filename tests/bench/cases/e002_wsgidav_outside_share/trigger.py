"""File share: a colleague reads the price list, a robot comes by."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s.%(msecs)03d - %(levelname)-7s: %(name)s: %(message)s",
    datefmt="%H:%M:%S",
)
log = logging.getLogger("cheroot")

import base64
from pathlib import Path

from werkzeug.test import EnvironBuilder, run_wsgi_app

from fileshare import PEOPLE, make_app

REQUESTS = (("/office/prices.txt", None), ("/office/prices.txt", "petra"), ("/office/", "omar"), ("/robots.txt", None))


def serve(app, path, person):
    """What the server does for one GET request."""
    headers = {}
    if person:
        login = f"{person}:{PEOPLE[person]['password']}"
        headers["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
    environ = EnvironBuilder(path=path, base_url="https://share.example/", headers=headers).get_environ()
    environ["REMOTE_ADDR"] = "192.0.2.17"
    try:
        body, status, _ = run_wsgi_app(app, environ, buffered=True)
    except Exception:
        log.exception("Error in WSGI application, GET %s", path)
        status = "500 Internal Server Error"
    log.info('192.0.2.17 - %s - "GET %s" -> %s', person or "(anonymous)", path, status)
    return int(status.split()[0])


def main():
    folder = Path("office")
    folder.mkdir(exist_ok=True)
    (folder / "prices.txt").write_text("tea 3.20\ncoffee 7.90\n")
    app = make_app(folder.resolve())
    return max(serve(app, path, person) for path, person in REQUESTS)


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
