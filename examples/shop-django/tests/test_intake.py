from decimal import Decimal

import pytest

from orders.intake import Address, Intake, IntakeError


def test_an_order_is_taken(product, payload):
    intake = Intake("test")
    order = intake.accept(payload)
    product.refresh_from_db()
    assert order.total == Decimal("20.00")
    assert product.stock == 48
    assert intake.taken == [order.pk]


def test_a_voucher_takes_its_part(product, voucher, payload):
    payload["voucher"] = voucher.code
    payload["shipping"]["country"] = "AT"
    assert Intake("test").accept(payload).total == Decimal("18.36")


def test_an_order_needs_items_that_are_there(db, payload):
    with pytest.raises(IntakeError):
        Intake("test").accept(payload)
    with pytest.raises(IntakeError):
        Intake("test").accept({**payload, "items": []})


def test_countries_are_spelled_large():
    assert Address.from_payload({"street": "Road 1", "postcode": "1", "country": "ch"}).country == "CH"
