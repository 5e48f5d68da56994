"""What an order costs."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from orders.models import Line, Order

CENT = Decimal("0.01")
#: Part of the price that is charged for delivery, by country; what is not listed costs as much as the dearest.
DELIVERY = {"DE": Decimal("0"), "AT": Decimal("0.02"), "CH": 0.05}


def net(lines: Iterable[Line]) -> Decimal:
    """Return the sum of the lines."""
    return sum((line.price * line.quantity for line in lines), Decimal(0))


def delivery(amount: Decimal, country: str) -> Decimal:
    """Return what delivery costs."""
    rate = DELIVERY.get(country, DELIVERY["AT"])
    return (amount * rate).quantize(CENT, ROUND_HALF_UP)


def total(order: Order, lines: Iterable[Line], country: str) -> dict[str, Any]:
    """Return what an order costs, and what for."""
    amount = net(lines)
    off = Decimal(0)
    if order.voucher is not None:
        off = (amount * order.voucher.percent / 100).quantize(CENT, ROUND_HALF_UP)
    charge = delivery(amount - off, country)
    return {"net": amount, "off": off, "delivery": charge, "total": amount - off + charge}
