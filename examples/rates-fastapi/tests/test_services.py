from datetime import datetime, timezone
from decimal import Decimal

import pytest

from rates.errors import NoRate
from rates.models import Alert


def test_a_pair_without_points_has_no_rate(history):
    history.open("EURCHF")
    with pytest.raises(NoRate):
        history.latest("EURCHF")


def test_the_average_of_two_points(history):
    for day, rate in ((1, "1.0"), (2, "2.0")):
        history.record("EURUSD", datetime(2026, 3, day, tzinfo=timezone.utc), Decimal(rate))
    assert history.average("EURUSD") == Decimal("1.5")


def test_a_cross_rate_is_kept(state):
    first = state.quotes.cross("USD", "GBP")
    assert state.quotes.cross("USD", "GBP") == first
    assert state.cache.hits == 1


def test_alerts_wait_for_their_rate(state):
    state.alerts.add(Alert(pair="EURUSD", above=Decimal("1.2")))
    assert state.alerts.notify("EURUSD", Decimal("1.1")) is True
    assert len(state.alerts.waiting) == 1
