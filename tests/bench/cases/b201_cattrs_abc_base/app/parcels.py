"""What the warehouse is sent."""
from collections.abc import Iterable

from attrs import define, field


@define
class Item:
    sku: str
    count: int


@define
class Parcel(Iterable[Item]):
    number: str
    items: list[Item] = field(factory=list)

    def __iter__(self):
        return iter(self.items)
