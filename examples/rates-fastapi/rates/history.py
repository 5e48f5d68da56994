"""The points of every pair, oldest first."""

from datetime import datetime
from decimal import Decimal

from rates.errors import NoRate, UnknownPair
from rates.models import Point


class History:
    """Points by pair."""

    def __init__(self) -> None:
        self.points: dict[str, list[Point]] = {}

    def open(self, pair: str) -> None:
        """Begin a pair that has no points yet."""
        self.points.setdefault(pair, [])

    def record(self, pair: str, at: datetime, rate: Decimal) -> None:
        """Add the newest point of a pair."""
        self.points.setdefault(pair, []).append(Point(at=at, rate=rate))

    def of(self, pair: str) -> list[Point]:
        """Return the points of a pair."""
        if pair not in self.points:
            raise UnknownPair(f"There is no pair {pair}")
        return self.points[pair]

    def latest(self, pair: str) -> Point:
        """Return the newest point."""
        points = self.of(pair)
        if not points:
            raise NoRate(f"There is no rate for {pair} yet")
        return points[-1]

    def at(self, pair: str, moment: datetime) -> Point:
        """Return the point that was in force at a moment."""
        known = [point for point in self.of(pair) if point.at <= moment]
        if not known:
            raise NoRate(f"There was no rate for {pair} at {moment}")
        return known[-1]

    def average(self, pair: str) -> Decimal:
        """Return the mean of all points."""
        points = self.of(pair)
        return sum((point.rate for point in points), Decimal(0)) / len(points)
