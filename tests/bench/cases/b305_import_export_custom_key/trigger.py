"""Back office of a warehouse: a clerk looks at articles and exports one from its own page."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "office_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s %(asctime)s %(module)s %(process)d %(message)s",
)
import django

django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from warehouse.models import Article, Supplier

access = logging.getLogger("gunicorn.access")
REQUESTS = [
    ("GET", "/admin/warehouse/article/", {}),
    ("POST", "/admin/warehouse/supplier/1/change/", {"name": "Norddeutsche Lampen", "_export-item": "Export"}),
    ("POST", "/admin/warehouse/article/LMP-7/change/", {"sku": "LMP-7", "name": "lamp", "stock": 11, "_export-item": "Export"}),
    ("GET", "/admin/warehouse/article/LMP-7/change/", {}),
]


def main():
    call_command("migrate", run_syncdb=True, verbosity=0)
    Supplier.objects.create(name="Norddeutsche Lampen")
    Article.objects.create(sku="LMP-7", name="lamp", stock=12)
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("clerk"))
    worst = 200
    for method, path, form in REQUESTS:
        status = (client.post if method == "POST" else client.get)(path, form).status_code
        access.info('10.0.3.15 - clerk "%s %s HTTP/1.1" %d', method, path, status)
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
