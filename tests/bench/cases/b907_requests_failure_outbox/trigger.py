"""Price watcher: asks the shops for prices and reports what went wrong at the end of the day."""
import io
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s [%(threadName)s] %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("pricewatch")

import requests
from requests.adapters import BaseAdapter

from outbox import Outbox

ANSWERS = {
    "https://shop-a.test/price/77": (200, '{"price": 12.5}'),
    "https://shop-b.test/price/77": (503, "Service Unavailable"),
    "https://shop-c.test/price/77": (200, "<html><body>We will be back soon</body></html>"),
}


class Canned(BaseAdapter):
    """Stands in for the network."""

    def send(self, request, **options):
        response = requests.Response()
        response.status_code, body = ANSWERS[request.url]
        response.url, response.request, response.encoding = request.url, request, "utf-8"
        response.raw = io.BytesIO(body.encode())
        return response

    def close(self):
        pass


def collect(session, outbox):
    for url in ANSWERS:
        try:
            response = session.get(url, timeout=5)
            response.raise_for_status()
            log.info("%s: %.2f", url, response.json()["price"])
        except requests.RequestException as error:
            log.warning("%s failed, kept for the report", url)
            outbox.add(url, error)


def report(outbox):
    for number, url in outbox.urls():
        log.info("failure %d, %s: %r", number, url, outbox.error(number))


def main():
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", Canned())
    outbox = Outbox("outbox.sqlite")
    collect(session, outbox)
    report(outbox)
    outbox.close()


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        log.error("report failed: %s", error, exc_info=True)
        sys.exit(1)
    log.info("done")
