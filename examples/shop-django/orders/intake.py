"""Takes orders as the marketplace sends them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from orders import pricing
from orders.models import Customer, Line, Order, Product, Voucher


class IntakeError(Exception):
    """The marketplace has sent something that can not be an order."""


@dataclass(frozen=True)
class Address:
    """Where an order goes."""

    street: str
    postcode: str
    country: str

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> "Address":
        """Read an address."""
        return cls(payload["street"], payload["postcode"], payload.get("country", "DE").upper())


class Intake:
    """Turns payloads into orders."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.taken: list[int] = []

    def accept(self, payload: dict[str, Any]) -> Order:
        """Store one order."""
        if not payload.get("items"):
            raise IntakeError("An order needs items")
        address = Address.from_payload(payload["shipping"])
        with transaction.atomic():
            order = self.order(payload)
            lines = [self.line(order, item) for item in payload["items"]]
            order.total = pricing.total(order, lines, address.country)["total"]
            order.save(update_fields=["total"])
        self.taken.append(order.pk)
        return order

    def order(self, payload: dict[str, Any]) -> Order:
        """Store the order itself."""
        buyer = payload["buyer"]
        customer, _ = Customer.objects.get_or_create(name=buyer["name"], defaults={"email": buyer.get("email", "")})
        voucher = Voucher.objects.filter(code=payload.get("voucher", "")).first()
        return Order.objects.create(
            customer=customer, voucher=voucher, placed_at=datetime.fromisoformat(payload["placed_at"])
        )

    def line(self, order: Order, item: dict[str, Any]) -> Line:
        """Store one line, and take it out of the stock."""
        product = Product.objects.filter(sku=item["sku"]).first()
        if product is None:
            raise IntakeError(f"There is no product {item['sku']}")
        product.stock -= item["quantity"]
        product.save(update_fields=["stock"])
        return Line.objects.create(order=order, product=product, quantity=item["quantity"], price=product.price)
