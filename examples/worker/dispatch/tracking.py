"""The life of a parcel: which status may follow which, and what carriers call them."""

from datetime import datetime
from typing import Any

from dispatch.models import DispatchError, Event, Parcel, Status
from dispatch.store import ParcelStore

#: Which status may follow which.
FOLLOWS: dict[Status, tuple[Status, ...]] = {
    Status.ANNOUNCED: (Status.IN_TRANSIT, Status.RETURNED),
    Status.IN_TRANSIT: (Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, Status.RETURNED),
    Status.OUT_FOR_DELIVERY: (Status.IN_TRANSIT, Status.DELIVERED, Status.RETURNED),
}


class Tracker:
    """Applies what carriers report to the parcels of a store."""

    def __init__(self, store: ParcelStore) -> None:
        self.store = store
        self.applied = 0
        self.ignored: list[str] = []

    def handle(self, message: dict[str, Any]) -> bool:
        """Apply one message; tells whether the parcel has moved on."""
        parcel = self.store.find(message["parcel"])
        if parcel is None:
            raise DispatchError(f"Unknown parcel '{message['parcel']}'")
        event = Event(
            status=self.status(message["status"]),
            at=datetime.fromisoformat(message["at"]),
            depot=message.get("depot", parcel.depot),
        )
        return self.advance(parcel, event)

    def status(self, code: str) -> Status:
        """Return what a carrier's code means."""
        return Status(code.strip().lower().replace("_", "-"))

    def advance(self, parcel: Parcel, event: Event) -> bool:
        """Move a parcel on, unless the event does not follow from where it is."""
        if event.status not in FOLLOWS[parcel.status]:
            self.ignored.append(parcel.number)
            return False
        parcel.status = event.status
        parcel.events.append(event)
        self.applied += 1
        return True
