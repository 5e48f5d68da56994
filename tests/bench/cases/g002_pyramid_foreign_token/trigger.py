"""Contact form of a shop, served over WSGI."""
import io
import logging
import os
import sys
from urllib.parse import urlencode

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-5s [%(name)s] %(message)s",
)
log = logging.getLogger("waitress")
access = logging.getLogger("wsgi.access")

from contact import make_app


def serve(app, method, path, cookie="", form=None):
    """What the WSGI server does for one request."""
    body = urlencode(form or {}).encode()
    environ = {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "",
        "SERVER_NAME": "shop.test", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "shop.test",
        "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)), "HTTP_COOKIE": cookie,
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr,
        "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
    }
    answer = []
    b"".join(app(environ, lambda status, headers, exc_info=None: answer.append(status)))
    return int(answer[0].split()[0])


def main():
    app = make_app()
    token = "5ebe2294ecd0e0f08eab7690d2a6ee69"
    worst = 0
    for method, form in (
        ("GET", None),
        ("POST", {"name": "Ada", "csrf_token": token}),
        ("POST", {"name": "Ada", "csrf_token": token[:-1] + "\u2026"}),
    ):
        try:
            status = serve(app, method, "/contact", "csrf_token=" + token, form)
        except Exception:
            log.exception("Exception while serving /contact")
            status = 500
        access.info('172.20.0.1 "%s /contact" %d', method, status)
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
