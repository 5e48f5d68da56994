"""Repair shop: the counter's tablet files orders; once the line breaks off in the middle of a request's body."""
import json
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workshop_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s %(asctime)s %(name)s %(process)d %(message)s",
)
import django

django.setup()
from django.db import connection
from django.test import Client

access = logging.getLogger("workshop.access")


def create_tables():
    from workshop.models import Customer, Order

    with connection.schema_editor() as editor:
        editor.create_model(Customer)
        editor.create_model(Order)


def main():
    from workshop.models import Customer

    create_tables()
    customer = Customer.objects.create(name="Ahlberg & Sons")
    client = Client(raise_request_exception=False)
    whole = json.dumps({"device": "espresso machine", "complaint": "leaks when it is hot"})
    worst = 200
    for body in (whole, whole[:41]):
        path = f"/customers/{customer.pk}/orders/"
        response = client.post(path, body, content_type="application/json")
        access.info("POST %s %d bytes -> %d", path, len(body), response.status_code)
        worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
