"""Shop: tells customers when their parcels will come. The carrier's server is played by canned answers."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s:%(lineno)d %(message)s",
)
log = logging.getLogger("shop.parcels")

import requests
import zeep

from parcels import Carrier

ANSWER = """<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<TrackResponse xmlns="urn:carrier"><parcel>%s</parcel><weight>1.250</weight><due>%s</due></TrackResponse>
</soap:Body></soap:Envelope>"""
DUE = {"CH-4401": "2024-11-29", "CH-4402": "2024-12-02+01:00"}


class CannedAnswers(zeep.Transport):
    def post(self, address, message, headers):
        parcel = next(number for number in DUE if number.encode() in message)
        answer = requests.Response()
        answer.status_code = 200
        answer.headers["Content-Type"] = "text/xml; charset=utf-8"
        answer._content = (ANSWER % (parcel, DUE[parcel])).encode()
        return answer


def main():
    carrier = Carrier(CannedAnswers())
    untold = 0
    for parcel in DUE:
        due = carrier.due(parcel)
        if due is None:
            log.warning("parcel %s: no day known, customer not told", parcel)
            untold += 1
        else:
            log.info("parcel %s: customer told %s", parcel, due)
    return untold


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
