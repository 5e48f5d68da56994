"""Asks the carrier when a parcel will be there."""
from pathlib import Path

import zeep

WSDL = Path(__file__).with_name("carrier.wsdl")


class Carrier:
    def __init__(self, transport=None):
        self.client = zeep.Client(str(WSDL), transport=transport)

    def due(self, parcel):
        return self.client.service.Track(parcel=parcel).due
