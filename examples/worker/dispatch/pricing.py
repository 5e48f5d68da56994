"""What a parcel costs. Amounts are decimals; carriers send their surcharges as JSON."""

import json
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from dispatch.models import Parcel, Service

BASE = {Service.STANDARD: Decimal("4.90"), Service.EXPRESS: Decimal("9.90")}
PER_KILO = Decimal("0.35")
CENT = Decimal("0.01")


class Tariff:
    """Prices with the surcharges of a day."""

    def __init__(self, surcharges: Mapping[str, Any]) -> None:
        self.surcharges = dict(surcharges)

    @classmethod
    def from_json(cls, text: str) -> "Tariff":
        """Build a tariff from what a carrier has sent."""
        return cls(json.loads(text))

    def surcharge(self, parcel: Parcel) -> Any:
        """Return what is added for the parcel's depot."""
        return self.surcharges.get(parcel.depot, 0)

    def price(self, parcel: Parcel) -> Decimal:
        """Return what a parcel costs."""
        amount = BASE[parcel.service] + PER_KILO * parcel.weight
        amount += self.surcharge(parcel)
        return amount.quantize(CENT, ROUND_HALF_UP)


def invoice(parcels: list[Parcel], tariff: Tariff) -> dict[str, Any]:
    """Sum up parcels for their sender."""
    prices = {parcel.number: tariff.price(parcel) for parcel in parcels}
    return {"parcels": len(prices), "total": str(sum(prices.values(), Decimal(0)))}
