"""Stock of a warehouse: documents of the database."""
from decimal import ROUND_DOWN

from mongoengine import DecimalField, Document, StringField


class Item(Document):
    sku = StringField(required=True)
    price = DecimalField(precision=2)
    meta = {"allow_inheritance": True}


class Boxed(Item):
    pieces = DecimalField(precision=0, rounding=ROUND_DOWN, force_string=True)


def read(row):
    """One line of the supplier's list as a document."""
    if row.get("pieces"):
        item = Boxed(sku=row["sku"], price=row["price"], pieces=row["pieces"])
    else:
        item = Item(sku=row["sku"], price=row["price"])
    item.validate()
    return item
