"""Guestbook behind a server: three visitors write, one reads."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s in %(name)s: %(message)s",
)
import guestbook

access = logging.getLogger("werkzeug")
TEXTS = ["Nice <b>page</b>!", "Salt &#38; pepper: http://example.org/soup", "see http://example.org/?page=1&#; for more"]


def main():
    client = guestbook.app.test_client()
    worst = 200
    for method, path, form in [("POST", "/entries", {"text": text}) for text in TEXTS] + [("GET", "/entries", None)]:
        status = client.open(path, method=method, data=form).status_code
        access.info('10.1.0.7 - - "%s %s HTTP/1.1" %d -', method, path, status)
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
