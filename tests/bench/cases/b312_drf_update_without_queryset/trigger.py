"""Accounts behind a server: a member looks at their profile and changes it."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "club_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s [%(name)s:%(lineno)s] %(message)s",
    datefmt="%d/%b/%Y %H:%M:%S",
)
import django

django.setup()
from django.test import Client

access = logging.getLogger("uvicorn.access")
REQUESTS = [
    ("GET", "/members/me/", None),
    ("PATCH", "/members/me/", {"town": "a town whose name is too long to be printed on the card"}),
    ("PATCH", "/members/me/", {"town": "Husum"}),
    ("GET", "/members/me/", None),
]


def main():
    client = Client(raise_request_exception=False, headers={"X-Member": "17"})
    worst = 200
    for method, path, body in REQUESTS:
        status = client.generic(method, path, body and django.http.JsonResponse(body).content or b"", "application/json").status_code
        access.info('10.8.0.2:51044 - "%s %s HTTP/1.1" %d', method, path, status)
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
