"""Keeps rates that were computed through a third currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rates.models import Point


class CrossCache:
    """Cross rates by pair, with what they were computed from."""

    def __init__(self, capacity: int = 100) -> None:
        self.capacity = capacity
        self.entries: dict[str, Any] = {}
        self.hits = 0

    def put(self, pair: str, rate: Decimal, legs: list[Point]) -> None:
        """Keep a rate; the oldest one goes when there are too many."""
        if len(self.entries) >= self.capacity:
            self.entries.pop(next(iter(self.entries)))
        self.entries[pair] = Point(at=min(leg.at for leg in legs), rate=rate)

    def load(self, snapshot: dict[str, Any]) -> int:
        """Take over what another process had kept."""
        self.entries.update(snapshot)
        return len(snapshot)

    def rate(self, pair: str, newest: Point) -> Decimal | None:
        """Return a kept rate that is no older than the point it depends on."""
        entry = self.entries.get(pair)
        if entry is None or entry.at < newest.at:
            return None
        self.hits += 1
        return entry.rate
