"""Requests as they came in: the browsers of some tenants send names and passwords in Latin-1."""
import base64
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s in %(module)s: %(message)s",
)
access = logging.getLogger("meters.access")

from meters.web import app

REQUESTS = [
    ("/readings/power", None),
    ("/readings/power", "operator:n0t-secret".encode()),
    ("/readings/water", "müller:Frühling-17".encode("utf-8")),
    ("/readings/water", "müller:Frühling-17".encode("latin-1")),
    ("/readings/water", "operator:guess".encode()),
]


def main():
    client = app.test_client()
    failed = 0
    for path, login in REQUESTS:
        headers = {} if login is None else {"Authorization": "Basic " + base64.b64encode(login).decode()}
        response = client.get(path, headers=headers)
        access.info('"GET %s HTTP/1.1" %d', path, response.status_code)
        failed += response.status_code >= 500
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
