"""Back office of a record shop: a clerk looks for a band in the admin's list."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s %(name)s %(message)s",
)
import django

django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from records.models import Record

access = logging.getLogger("gunicorn.access")
SEARCHES = ["blur", "'n Sync"]


def stock():
    call_command("migrate", run_syncdb=True, verbosity=0)
    Record.objects.create(artist="Blur", title="Parklife", year=1994)
    Record.objects.create(artist="'n Sync", title="No Strings Attached", year=2000)
    return User.objects.create_superuser("clerk", "clerk@shop.example", "x")


def main():
    client = Client(raise_request_exception=False)
    client.force_login(stock())
    worst = 200
    for words in SEARCHES:
        r = client.get("/backoffice/records/record/", {"q": words})
        access.info('10.0.0.21 - "GET %s?%s HTTP/1.1" %d', r.request["PATH_INFO"], r.request["QUERY_STRING"], r.status_code)
        worst = max(worst, r.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
