"""Web shop: visitors narrow the product list by price."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop_settings")
import django

django.setup()
from django.db import connection
from django.test import Client

access = logging.getLogger("gunicorn.access")

PRODUCTS = [("T-100", "Table", "249.00"), ("C-20", "Chair", "79.90"), ("S-7", "Sofa", "1299.00")]


def fill_database():
    from catalog.models import Product

    with connection.schema_editor() as editor:
        editor.create_model(Product)
    for sku, name, price in PRODUCTS:
        Product.objects.create(sku=sku, name=name, price=price)


def main():
    fill_database()
    client = Client(raise_request_exception=False)
    worst = 200
    for path in (
        "/products/",
        "/products/?max_price=100",
        "/products/?min_price=cheap",
        "/products/?min_price=50&max_price=999999",
    ):
        response = client.get(path)
        access.info('10.2.0.14 - "GET %s HTTP/1.1" %d', path, response.status_code)
        worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
