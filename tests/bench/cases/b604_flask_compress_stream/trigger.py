"""Reports of a web shop, served by a sync worker. A script and a browser ask for them."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s +0000] [%(process)d] [%(levelname)s] %(message)s",
    datefmt="%Y-%m-%d %H:%M:%S",
)
error_log = logging.getLogger("gunicorn.error")
access_log = logging.getLogger("gunicorn.access")

from werkzeug.test import EnvironBuilder

from shop_reports import create_app

FORM = {"smallest": "300", "customer": "", "from": "2026-01-01", "to": "2026-11-30"}
REQUESTS = [
    ("GET", "/reports/summary", "curl/8.5.0", "", None),
    ("POST", "/reports/orders.csv", "curl/8.5.0", "", FORM),
    ("POST", "/reports/orders.csv", "Mozilla/5.0", "gzip, deflate", FORM),
    ("GET", "/reports/summary", "Mozilla/5.0", "gzip, deflate", None),
]


def serve(app, method, path, agent, encodings, form):
    """What a WSGI server does with one request: start, write each block, close."""
    headers = {"User-Agent": agent, "Accept-Encoding": encodings}
    environ = EnvironBuilder(method=method, path=path, headers=headers, data=form).get_environ()
    status = []
    length = 0
    blocks = app(environ, lambda line, headers, exc_info=None: status.append(int(line.split()[0])))
    try:
        for block in blocks:
            length += len(block)
    finally:
        if hasattr(blocks, "close"):
            blocks.close()
    access_log.info('172.18.0.1 - - "%s %s HTTP/1.1" %d %d "-" "%s"', method, path, status[0], length, agent)


def main():
    app = create_app()
    error_log.info("Booting worker with pid: %d", os.getpid())
    failed = 0
    for request in REQUESTS:
        try:
            serve(app, *request)
        except Exception:
            error_log.exception("Error handling request %s", request[1])
            failed += 1
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
