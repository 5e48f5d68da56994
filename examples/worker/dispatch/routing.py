"""Finds the way of a parcel up the tree of depots."""

from dataclasses import dataclass
from typing import Optional

from dispatch.models import DispatchError


@dataclass
class Depot:
    """A depot and the hub that it hands over to."""

    code: str
    city: str
    hub: Optional["Depot"] = None


class Network:
    """All depots by their code."""

    def __init__(self) -> None:
        self.depots: dict[str, Depot] = {}

    def add(self, code: str, city: str) -> Depot:
        """Add a depot without a hub."""
        depot = Depot(code, city)
        self.depots[code] = depot
        return depot

    def connect(self, code: str, hub: str) -> None:
        """Let a depot hand over to a hub."""
        self.depot(code).hub = self.depot(hub)

    def depot(self, code: str) -> Depot:
        """Return a depot by its code."""
        if code not in self.depots:
            raise DispatchError(f"Unknown depot '{code}'")
        return self.depots[code]

    def route(self, code: str) -> list[str]:
        """Return the codes from a depot up to the last hub."""
        return [depot.code for depot in climb(self.depot(code))]


def climb(depot: Depot) -> list[Depot]:
    """Return a depot and everything above it."""
    if depot.hub is None:
        return [depot]
    return [depot, *climb(depot.hub)]
