"""Lamp shop: somebody looks at the catalogue, then a developer looks at that request in the profiler."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s %(message)s",
)
import django

django.setup()
from django.core.management import call_command
from django.test import Client

access = logging.getLogger("shop.access")


def main():
    from silk.models import Request

    call_command("migrate", verbosity=0)
    client = Client(raise_request_exception=False)
    worst = 200
    for path in ("/lamps/", "/lamps/?page=2"):
        response = client.get(path)
        access.info('10.1.1.20 "GET %s HTTP/1.1" %d', path, response.status_code)
        worst = max(worst, response.status_code)
    for recorded in Request.objects.order_by("start_time"):
        response = client.get(f"/silk/request/{recorded.id}/")
        access.info('10.1.1.3 "GET /silk/request/…/ HTTP/1.1" %d (%s)', response.status_code, recorded.path)
        worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
