"""Interface of a weather service: a station reports, a partner fetches the description."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weather_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s %(message)s",
    datefmt="%d/%b/%Y %H:%M:%S",
)
import django

django.setup()
from django.test import Client

access = logging.getLogger("django.server")
REQUESTS = [
    ("POST", "/readings/", {"station": "kiel-3", "celsius": 7.5}),
    ("GET", "/stations/kiel-3/", None),
    ("GET", "/description/?format=json", None),
]


def main():
    client = Client(raise_request_exception=False)
    worst = 200
    for method, path, body in REQUESTS:
        send = client.post if method == "POST" else client.get
        response = send(path, body, content_type="application/json") if body else send(path)
        access.info('"%s %s HTTP/1.1" %d %d', method, path, response.status_code, len(response.content))
        worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
