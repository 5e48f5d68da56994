"""``manage.py remind [--as-of MOMENT]``: the nightly reminders."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from orders.models import Order
from orders.reminders import Reminder, remind_all


class Command(BaseCommand):
    """Remind customers of orders that are not paid."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Let the moment be given."""
        parser.add_argument("--as-of", type=datetime.fromisoformat, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run once."""
        reminder = Reminder(options["as_of"] or timezone.now())
        orders = Order.objects.filter(status=Order.Status.OPEN).select_related("customer")
        failed = remind_all(orders, reminder)
        self.stdout.write(f"{len(reminder.letters)} written, {failed} failed")
