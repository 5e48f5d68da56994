"""Staff directory behind a server: somebody sorts the list in several ways."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staff_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s [%(levelname)s] %(name)s: %(message)s",
)
import django

django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

access = logging.getLogger("gunicorn.access")
PATHS = [
    "/staff/",
    "/staff/?order=-date_joined",
    "/staff/?last_name__icontains=s&order=last_name,",
    "/staff/?order=wrong",
]


def main():
    call_command("migrate", run_syncdb=True, verbosity=0)
    for name in ("hansen", "smith"):
        User.objects.create(username=name, last_name=name.title())
    client = Client(raise_request_exception=False)
    worst = 200
    for path in PATHS:
        status = client.get(path).status_code
        access.info('10.0.0.4 - - "GET %s HTTP/1.1" %d', path, status)
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
