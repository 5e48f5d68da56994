"""The clinic's site: three visits, the last one by a form with an old address."""
import json
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s %(name)s: %(message)s",
)

import django

django.setup()

from django.test import Client

access = logging.getLogger("access")

REQUESTS = [
    ("GET", "/doctors/3/", None),
    ("POST", "/bookings/", {"doctor": 3, "slot": "10:30"}),
    ("POST", "/doctors/3/", {"slot": "10:30"}),
]


def main():
    client = Client(raise_request_exception=False)
    statuses = []
    for method, path, body in REQUESTS:
        if method == "GET":
            answer = client.get(path)
        else:
            answer = client.post(path, data=json.dumps(body), content_type="application/json")
        access.info('203.0.113.18 "%s %s" %d', method, path, answer.status_code)
        statuses.append(answer.status_code)
    return statuses


if __name__ == "__main__":
    sys.exit(1 if 500 in main() else 0)
