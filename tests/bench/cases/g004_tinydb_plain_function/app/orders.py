"""Orders of a small shop, kept in a file."""
from tinydb import TinyDB, where


def is_late(order):
    """Paid, and not sent three days later."""
    return order["paid"] is not None and order["sent"] is None and order["day"] - order["paid"] > 3


class Orders:
    def __init__(self, path):
        self.table = TinyDB(path).table("orders")

    def add(self, **fields):
        return self.table.insert(fields)

    def unpaid(self):
        return self.table.search(where("paid") == None)  # noqa: E711

    def late(self):
        return self.table.search(is_late)
