from datetime import datetime, timezone

from orders.reminders import Reminder, remind_all
from orders.stock import refill


def test_who_has_waited_long_enough_is_written_to(order):
    reminder = Reminder(datetime(2026, 2, 1, tzinfo=timezone.utc))
    assert remind_all([order], reminder) == 0
    assert list(reminder.letters) == ["test@example.com"]
    early = Reminder(datetime(2026, 1, 3, tzinfo=timezone.utc))
    remind_all([order], early)
    assert early.letters == {}


def test_plenty_is_not_refilled(product):
    assert refill(product) is False
