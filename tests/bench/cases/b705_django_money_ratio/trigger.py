"""The controlling department opens its pages."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s %(asctime)s %(name)s %(process)d %(message)s",
)
os.environ["DJANGO_SETTINGS_MODULE"] = "budget.settings"
import django

django.setup()
from django.test import Client

access = logging.getLogger("gunicorn.access")


def main():
    client = Client(raise_request_exception=False)
    failed = 0
    for path in ("/departments/sales/plan", "/departments/sales/report", "/departments/research/report"):
        response = client.get(path)
        access.info('10.0.3.17 "GET %s HTTP/1.1" %d %d', path, response.status_code, len(response.content))
        failed += response.status_code >= 500
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
