"""Data types that all parts of the worker share."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum


class DispatchError(Exception):
    """Base of all errors that bad input can cause."""


class Status(Enum):
    """Where a parcel is in its life."""

    ANNOUNCED = "announced"
    IN_TRANSIT = "in-transit"
    OUT_FOR_DELIVERY = "out-for-delivery"
    DELIVERED = "delivered"
    RETURNED = "returned"


class Service(Enum):
    """What the customer has paid for."""

    STANDARD = "standard"
    EXPRESS = "express"


@dataclass(frozen=True)
class Event:
    """One scan of a parcel by a carrier."""

    status: Status
    at: datetime
    depot: str = ""


@dataclass
class Parcel:
    """A parcel with all that has happened to it."""

    number: str
    depot: str
    weight: Decimal
    service: Service = Service.STANDARD
    status: Status = Status.ANNOUNCED
    events: list[Event] = field(default_factory=list)

    @property
    def last_event(self) -> Event | None:
        """The latest scan."""
        return self.events[-1] if self.events else None
