"""Figures for the shop's own pages."""

from typing import Any

from orders.models import Customer, Order


def summary(customer: Customer) -> dict[str, Any]:
    """Return what a customer's page shows."""
    latest = customer.latest_order()
    return {
        "name": customer.name,
        "orders": customer.orders.count(),
        "latest": {"number": latest.pk, "placed_at": latest.placed_at.isoformat(), "total": str(latest.total)},
    }


def voucher_label(order: Order) -> str:
    """Return the words for an order's voucher."""
    if order.voucher is None:
        return "none"
    return f"{order.voucher.code} (-{order.voucher.percent} %)"


def describe(orders: list[Order]) -> list[dict[str, Any]]:
    """Return the rows of the list of orders."""
    return [
        {"number": order.pk, "customer": order.customer.name, "status": order.status, "voucher": voucher_label(order)}
        for order in orders
    ]
