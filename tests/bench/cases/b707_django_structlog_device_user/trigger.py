"""Label service of a warehouse, as the packing stations use it."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-7s %(name)s %(message)s",
)
os.environ["DJANGO_SETTINGS_MODULE"] = "labels.settings"
import django

django.setup()
from django.test import Client

access = logging.getLogger("uwsgi")


def main():
    client = Client(raise_request_exception=False)
    failed = 0
    for path, key in (("/health", None), ("/labels/4711", "k-0000"), ("/labels/4711", "k-2f81")):
        headers = {"HTTP_X_DEVICE_KEY": key} if key else {}
        response = client.get(path, **headers)
        access.info("GET %s => %d bytes (HTTP/1.1 %d)", path, len(response.content), response.status_code)
        failed += response.status_code >= 500
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
