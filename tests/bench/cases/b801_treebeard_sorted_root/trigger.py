"""The back office sets up the departments of a new shop."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s %(name)s %(message)s",
)
os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"
import django

django.setup()
from django.core.management import call_command
from django.test import Client

access = logging.getLogger("shop.access")


def send(client, method, path, data=None):
    response = getattr(client, method)(path, data)
    access.info("%s %s -> %d", method.upper(), path, response.status_code)
    return response


def main():
    call_command("migrate", run_syncdb=True, verbosity=0)
    client = Client(raise_request_exception=False)
    garden = send(client, "post", "/categories/new", {"name": "Garden"})
    number = garden.json()["id"]
    send(client, "post", f"/categories/{number}/new", {"name": "Roses"})
    send(client, "post", f"/categories/{number}/new", {"name": "Herbs", "hidden": "on"})
    send(client, "post", f"/categories/{number}/new", {"name": ""})
    kitchen = send(client, "post", "/categories/new", {"name": "Kitchen"})
    send(client, "get", "/categories")
    return 1 if kitchen.status_code >= 500 else 0


if __name__ == "__main__":
    sys.exit(main())
