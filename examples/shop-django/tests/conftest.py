from datetime import datetime, timezone
from decimal import Decimal

import pytest

from orders.models import Customer, Order, Product, Voucher


@pytest.fixture
def customer(db):
    return Customer.objects.create(name="Test", email="test@example.com")


@pytest.fixture
def product(db):
    return Product.objects.create(sku="CUP-1", title="Cup", price=Decimal("10.00"), stock=50)


@pytest.fixture
def voucher(db):
    return Voucher.objects.create(code="TEN", percent=Decimal(10))


@pytest.fixture
def order(customer):
    return Order.objects.create(customer=customer, placed_at=datetime(2026, 1, 1, tzinfo=timezone.utc))


@pytest.fixture
def payload():
    return {
        "placed_at": "2026-01-01T00:00:00+00:00",
        "buyer": {"name": "Test"},
        "shipping": {"street": "Road 1", "postcode": "10115", "country": "de"},
        "items": [{"sku": "CUP-1", "quantity": 2}],
    }
