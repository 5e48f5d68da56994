from decimal import Decimal

import pytest

from dispatch.models import DispatchError, Parcel, Status
from dispatch.store import ParcelStore
from dispatch.tracking import Tracker


@pytest.fixture
def tracker():
    store = ParcelStore()
    store.add(Parcel("1", "BER", Decimal(1)))
    return Tracker(store)


def message(status, parcel="1"):
    return {"parcel": parcel, "status": status, "at": "2026-03-02T08:00:00+00:00"}


def test_a_parcel_moves_on(tracker):
    assert tracker.handle(message("in-transit"))
    assert tracker.handle(message("OUT_FOR_DELIVERY"))
    assert tracker.store.find("1").status is Status.OUT_FOR_DELIVERY
    assert tracker.store.find("1").last_event.depot == "BER"


def test_what_does_not_follow_is_ignored(tracker):
    assert not tracker.handle(message("delivered"))
    assert tracker.ignored == ["1"]


def test_an_unknown_parcel_is_refused(tracker):
    with pytest.raises(DispatchError):
        tracker.handle(message("delivered", "2"))
