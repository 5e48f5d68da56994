"""The stations and what they reported, kept in memory."""
from dataclasses import dataclass, field


@dataclass
class Station:
    name: str
    height: int
    readings: list = field(default_factory=list)

    @property
    def latest(self):
        return self.readings[-1] if self.readings else None


STATIONS = {station.name: station for station in (Station("kiel-3", 5), Station("brocken", 1141))}
