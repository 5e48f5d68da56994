"""Newsletter: a reader follows her link, another one cuts his, a third has a link of the system before in her old mails."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] [%(process)d] [%(levelname)s] %(message)s",
    datefmt="%Y-%m-%d %H:%M:%S %z",
)
log = logging.getLogger("gunicorn.error")

from werkzeug.test import Client

from itsdangerous import TimestampSigner, URLSafeTimedSerializer

import newsletter


class MillisecondSigner(TimestampSigner):
    """The system before had a secret of its own, and stamped its links in milliseconds."""

    def get_timestamp(self):
        return 1_711_000_000_000  # when the last mailing went out


before = URLSafeTimedSerializer("old-secret", salt="unsubscribe", signer=MillisecondSigner)
access = logging.getLogger("gunicorn.access")


def serve(path):
    try:
        status = Client(newsletter.app).get(path).status_code
    except Exception:
        log.exception("Error handling request %s", path)
        status = 500
    access.info('198.51.100.23 - "GET %s HTTP/1.1" %d', path, status)
    return status


def main():
    good = newsletter.link_for("ada@example.org")
    cut = newsletter.link_for("bob@example.org")[:-4]
    paths = ["/health", good, cut, "/unsubscribe/" + before.dumps("cyd@example.org")]
    return max(serve(path) for path in paths)


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
