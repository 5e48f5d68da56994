"""Stock and prices of the farm shop."""
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass
class Product:
    name: str
    unit: str
    price: Decimal
    fresh_until: date


PRODUCTS = {
    1: Product("potatoes", "kg", Decimal("1.90"), date(2026, 12, 20)),
    2: Product("eggs", "piece", Decimal("0.45"), date(2026, 12, 9)),
    3: Product("sheep cheese", "100 g", Decimal("3.20"), date(2027, 1, 4)),
}


def total(order):
    """Price of an order, a mapping of product numbers to amounts."""
    return sum((PRODUCTS[number].price * amount for number, amount in order.items()), Decimal("0.00"))
