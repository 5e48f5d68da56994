"""Somebody of the fair's office looks for exhibitors."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s [%(levelname)s] %(name)s: %(message)s",
)
os.environ["DJANGO_SETTINGS_MODULE"] = "exhibitors.settings"
import django

django.setup()
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from exhibitors.models import Exhibitor

access = logging.getLogger("office.access")


def main():
    call_command("migrate", run_syncdb=True, verbosity=0)
    get_user_model().objects.create_superuser("office", "office@example.com", "Messe-2026")
    for name, country, hall in [("Nordwind GmbH", "DE", 1), ("Polder BV", "NL", 2), ("Skagen Aps", "DK", 1)]:
        Exhibitor.objects.create(name=name, country=country, hall=hall)
    client = Client(raise_request_exception=False)
    worst = 0
    client.post("/office/login/", {"username": "office", "password": "Messe-2026"})
    for path in [
        "/office/",
        "/office/exhibitors/exhibitor/1/change/",
        "/office/exhibitors/exhibitor/?country=DK",
        "/office/exhibitors/exhibitor/",
    ]:
        response = client.get(path)
        access.info("%s %d", path, response.status_code)
        worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
