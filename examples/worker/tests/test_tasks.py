import pytest

from dispatch import tasks
from dispatch.models import DispatchError


def test_a_route_needs_a_parcel():
    with pytest.raises(DispatchError):
        tasks.plan_route("no-such-parcel")


def test_reports_of_unknown_parcels_are_ignored():
    assert tasks.track({"parcel": "no-such-parcel", "status": "delivered", "at": "2026-03-02"}) is False
