"""Mirror: fetches documents that changed and passes them on in chunks."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format='time=%(asctime)s level=%(levelname)s logger=%(name)s msg="%(message)s"',
)
log = logging.getLogger("mirror")

import httpx

DOCUMENTS = {"/a.txt": (200, b"first document"), "/b.txt": (304, b""), "/c.txt": (200, b"third")}


def answer(request):
    """Stands for the origin server."""
    status, body = DOCUMENTS[request.url.path]
    return httpx.Response(status, content=body)


def fetch(client, path):
    response = client.get(path)
    return response.status_code, sum(len(chunk) for chunk in response.iter_bytes())


def main():
    with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://origin.example") as client:
        for path in DOCUMENTS:
            log.info("%s status=%d bytes=%d", path, *fetch(client, path))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("mirror stopped")
        sys.exit(1)
    log.info("mirror is up to date")
