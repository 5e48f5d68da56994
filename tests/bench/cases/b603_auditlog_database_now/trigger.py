"""Help desk: a ticket is opened, read and closed. Every change is written to the audit log."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s [%(name)s:%(lineno)s] %(message)s",
    datefmt="%d/%b/%Y %H:%M:%S",
)
import django

django.setup()
from django.core.management import call_command
from django.test import Client

access = logging.getLogger("gunicorn.access")


def main():
    call_command("migrate", run_syncdb=True, verbosity=0)
    client = Client(raise_request_exception=False, REMOTE_ADDR="10.20.0.7")
    worst = 0
    for method, path, data in (
        ("POST", "/tickets/", {"subject": "Printer on floor 3 is out of toner"}),
        ("GET", "/tickets/1/", {}),
        ("POST", "/tickets/1/close/", {}),
        ("GET", "/tickets/1/", {}),
    ):
        response = getattr(client, method.lower())(path, data)
        access.info('10.20.0.7 - - "%s %s HTTP/1.1" %d %d', method, path, response.status_code, len(response.content))
        worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
