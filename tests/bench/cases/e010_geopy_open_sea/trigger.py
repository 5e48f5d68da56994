"""Board in the harbour office: where is the fleet? The map service is played by canned answers."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s [%(threadName)s] %(levelname)s %(name)s - %(message)s",
)
log = logging.getLogger("fleet.board")

from geopy.adapters import BaseSyncAdapter

from ships import Gazetteer

FLEET = {"MV Amalia": "53.5413, 9.9841", "MV Brigitte": "51.9496, 4.1453", "MV Carla": "31.2500, -40.1000"}
ANSWERS = {
    "lat=53.5413": [{"lat": "53.5411", "lon": "9.9843", "display_name": "HafenCity, Hamburg, Germany"}][0],
    "lat=51.9496": {"lat": "51.9499", "lon": "4.1450", "display_name": "Maasvlakte, Rotterdam, Netherlands"},
    "lat=31.25": {"error": "Unable to geocode"},
}


class CannedAnswers(BaseSyncAdapter):
    def get_json(self, url, *, timeout, headers):
        return next(answer for part, answer in ANSWERS.items() if part in url)

    def get_text(self, url, *, timeout, headers):
        raise NotImplementedError


def main():
    gazetteer = Gazetteer(lambda *, proxies, ssl_context: CannedAnswers(proxies=proxies, ssl_context=ssl_context))
    unknown = 0
    for ship, position in FLEET.items():
        try:
            log.info("%s: %s", ship, gazetteer.place(position))
        except Exception:
            log.exception("%s: position %s could not be looked up", ship, position)
            unknown += 1
    return unknown


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
