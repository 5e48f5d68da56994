"""Keeps the parcels that are under way."""

from collections.abc import Iterator

from dispatch.models import DispatchError, Parcel, Status


class ParcelStore:
    """Parcels by their number."""

    def __init__(self) -> None:
        self._parcels: dict[str, Parcel] = {}

    def __len__(self) -> int:
        return len(self._parcels)

    def __iter__(self) -> Iterator[Parcel]:
        return iter(self._parcels.values())

    def add(self, parcel: Parcel) -> None:
        """Keep a parcel; numbers are unique."""
        if parcel.number in self._parcels:
            raise DispatchError(f"Parcel {parcel.number} was announced before")
        self._parcels[parcel.number] = parcel

    def find(self, number: str) -> Parcel | None:
        """Return a parcel, or None when it was never announced."""
        return self._parcels.get(number)

    def with_status(self, status: Status) -> list[Parcel]:
        """Return the parcels of one status."""
        return [parcel for parcel in self if parcel.status is status]
