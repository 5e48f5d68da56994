"""Reminds customers of orders that are not paid."""

import logging
from collections.abc import Iterable
from datetime import datetime

from orders.models import Order

logger = logging.getLogger(__name__)


class Reminder:
    """Writes reminders as of a moment."""

    def __init__(self, now: datetime, patience: int = 14) -> None:
        self.now = now
        self.patience = patience
        self.letters: dict[str, str] = {}

    def days_open(self, order: Order) -> int:
        """Return for how long an order has been open."""
        return (self.now - order.placed_at).days

    def write(self, order: Order) -> None:
        """Write one letter."""
        days = self.days_open(order)
        if days > self.patience:
            self.letters[order.customer.email] = f"Order {order.pk} has been open for {days} days."


def remind_all(orders: Iterable[Order], reminder: Reminder) -> int:
    """Write to all that have to pay; one that fails does not keep the others from getting theirs."""
    failed = 0
    for order in orders:
        try:
            reminder.write(order)
        except Exception:
            failed += 1
            logger.exception("No reminder for order %s", order.pk)
    return failed
