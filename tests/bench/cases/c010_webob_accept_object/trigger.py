"""Library: goes through yesterday's requests and lists what to keep ready in the cache."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("library.cache")

from webob import Request

from formats import best_format

YESTERDAY = (
    b"GET /books/7 HTTP/1.1\r\nHost: books.example.org\r\nAccept: text/html\r\nCookie: wish=application/json\r\n\r\n",
    b"GET /books/8 HTTP/1.1\r\nHost: books.example.org\r\nAccept: text/html,application/epub+zip;q=0.9,*/*;q=0.8\r\n\r\n",
)


def main():
    for raw in YESTERDAY:
        request = Request.from_bytes(raw)
        wanted = request.cookies.get("wish") or request.accept
        log.info("keep ready: %s as %s", request.path, best_format(wanted))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("cache list not written")
        sys.exit(1)
