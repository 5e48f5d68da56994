"""Parcel API: the load balancer's probe, a customer and the portal that fetches the API's description."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s in %(module)s: %(message)s",
)
import parcel_api

access = logging.getLogger("access")


def main():
    app = parcel_api.create_app()
    client = app.test_client()
    worst = 200
    for path in ("/health", "/parcels/17", "/openapi.json"):
        response = client.get(path)
        access.info('172.16.0.3 "GET %s HTTP/1.1" %d', path, response.status_code)
        worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
