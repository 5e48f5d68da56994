"""Depot behind a server: somebody pages through the movements, then follows a bookmark to a page that is no more."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "depot_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(levelname)s] %(asctime)s %(name)s: %(message)s",
)
import django

django.setup()
from django.test import Client

access = logging.getLogger("gunicorn.access")
PATHS = [
    "/movements/",
    "/movements/?page=2",
    "/movements/?page=3&sort=-pieces",
    "/movement/7004/",
    "/movements/?page=12",
    "/movements/?sort=article",
]


def main():
    client = Client(raise_request_exception=False)
    worst = 200
    for path in PATHS:
        status = client.get(path).status_code
        access.info('192.168.10.4 "GET %s" %d', path, status)
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
