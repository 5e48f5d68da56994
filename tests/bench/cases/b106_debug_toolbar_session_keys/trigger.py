"""Staging shop with the debug toolbar switched on: one visitor, three requests."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s [%(levelname)s] %(name)s: %(message)s",
)
import django

django.setup()
from django.test import Client

access = logging.getLogger("gunicorn.access")


def main():
    client = Client(raise_request_exception=False)
    worst = 200
    for path in ("/catalogue/", "/basket/7/2/", "/catalogue/"):
        status = client.get(path).status_code
        access.info('127.0.0.1 - - "GET %s HTTP/1.1" %d', path, status)
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
