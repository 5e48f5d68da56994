from decimal import Decimal

import pytest

from dispatch.models import DispatchError, Parcel, Service
from dispatch.pricing import Tariff, invoice
from dispatch.routing import Network


def test_a_route_climbs_to_the_last_hub():
    network = Network()
    for code in ("BER", "LEJ", "FRA"):
        network.add(code, code.title())
    network.connect("BER", "LEJ")
    network.connect("LEJ", "FRA")
    assert network.route("BER") == ["BER", "LEJ", "FRA"]


def test_an_unknown_depot_is_refused():
    with pytest.raises(DispatchError):
        Network().route("XXX")


def test_prices_have_two_places():
    tariff = Tariff({"BER": 1})
    assert tariff.price(Parcel("1", "BER", Decimal("2.5"), Service.EXPRESS)) == Decimal("11.78")
    assert invoice([Parcel("2", "MUC", Decimal(1))], tariff) == {"parcels": 1, "total": "5.25"}
