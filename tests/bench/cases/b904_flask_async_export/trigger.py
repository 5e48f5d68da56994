"""Order export served by a WSGI worker."""
import io
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s +0000] [17] [%(levelname)s] %(message)s",
    datefmt="%Y-%m-%d %H:%M:%S",
)
log = logging.getLogger("gunicorn.error")

from exporter import app


def serve(path, query):
    """What the worker does for one request."""
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "export.test",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "export.test",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    started = []

    def start_response(status, headers, exc_info=None):
        started.append(status)

    result = app(environ, start_response)
    try:
        body = b"".join(result)
    finally:
        if hasattr(result, "close"):
            result.close()
    return started[0], len(body)


def main():
    failed = 0
    for path, query in (("/orders", "city=Oslo"), ("/orders.csv", "city=Lima&separator=%3B"), ("/orders", "")):
        try:
            status, size = serve(path, query)
        except Exception:
            log.exception("Error handling request %s?%s", path, query)
            failed += 1
        else:
            log.info('"GET %s?%s" %s %d', path, query, status, size)
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
