"""The first members use the app after the release."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s [%(process)d] [%(levelname)s] %(name)s: %(message)s",
)
os.environ["DJANGO_SETTINGS_MODULE"] = "club.settings"
import django

django.setup()
from django.contrib.auth import get_user_model
from django.core.management import call_command
from rest_framework.test import APIClient

access = logging.getLogger("gunicorn.access")


def send(client, method, path, data=None):
    response = getattr(client, method)(path, data)
    access.info('192.0.2.44 "%s %s HTTP/1.1" %d', method.upper(), path, response.status_code)
    return response


def main():
    call_command("migrate", verbosity=0)
    get_user_model().objects.create_user("petra", password="Handball!09")
    client = APIClient(raise_request_exception=False)
    send(client, "get", "/api/me")
    send(client, "post", "/api/refresh", {"refresh": "expired"})
    login = send(client, "post", "/api/login", {"username": "petra", "password": "Handball!09"})
    if login.status_code >= 500:
        return 1
    client.credentials(HTTP_AUTHORIZATION="Bearer " + login.data["access"])
    send(client, "get", "/api/me")
    return 0


if __name__ == "__main__":
    sys.exit(main())
