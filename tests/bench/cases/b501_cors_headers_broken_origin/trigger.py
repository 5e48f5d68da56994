"""Prices of a bakery, read by its own shop pages, by a kiosk and by whoever else finds them."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bakery_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s %(asctime)s %(name)s %(message)s",
)
import django

django.setup()
from django.test import Client

access = logging.getLogger("gunicorn.access")
REQUESTS = [
    ("/api/prices", "https://shop.bakery.example"),
    ("/api/prices/rye", "https://kiosk.bakery.example"),
    ("/api/prices/brioche", "https://shop.bakery.example"),
    ("/api/prices", None),
    ("/api/prices", "https://[shop.bakery.example"),
    ("/api/prices/spelt", "https://shop.bakery.example"),
]


def main():
    client = Client(raise_request_exception=False)
    worst = 200
    for path, origin in REQUESTS:
        headers = {"HTTP_ORIGIN": origin} if origin else {}
        response = client.get(path, REMOTE_ADDR="203.0.113.8", **headers)
        access.info('203.0.113.8 "GET %s HTTP/1.1" %d %d', path, response.status_code, len(response.content))
        worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
