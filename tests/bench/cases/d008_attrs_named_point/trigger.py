"""Depot service behind a WSGI server."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(name)s %(levelname)s %(message)s",
)
log = logging.getLogger("wsgi")

from werkzeug.test import Client

import depots


def main():
    client = Client(depots.Service(depots.open_database()))
    for path in ("/depots/HAM", "/depots/XXX", "/depots/BRE"):
        try:
            answer = client.get(path)
        except Exception:
            log.info('198.51.100.77 "GET %s HTTP/1.1" 500', path)
            raise
        log.info('198.51.100.77 "GET %s HTTP/1.1" %d %s', path, answer.status_code, answer.content_length)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("Error on request:")
        sys.exit(1)
