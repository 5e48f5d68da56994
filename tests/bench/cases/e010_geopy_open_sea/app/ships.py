"""Says in words where the ships of a fleet are."""
from geopy.geocoders import Nominatim


class Gazetteer:
    def __init__(self, adapter_factory=None):
        self.geocoder = Nominatim(user_agent="fleet-board/2.3", domain="maps.fleet.example", adapter_factory=adapter_factory)

    def place(self, position):
        found = self.geocoder.reverse(position, zoom=10, language="en")
        return found.address if found else "at sea"
