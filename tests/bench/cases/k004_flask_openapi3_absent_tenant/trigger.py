"""Meter service: one gateway belongs to a tenant, the other to the house, which is no tenant."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s | %(levelname)s | %(name)s | %(message)s",
)
import meter_api

access = logging.getLogger("meters.access")

DELIVERIES = [
    ({"X-Gateway-Id": "gw-07", "X-Tenant": "bakery"}, {"meter": "E-1104", "kwh": 18.25}),
    ({"X-Gateway-Id": "gw-01"}, {"meter": "E-0001", "kwh": 7.5}),
]


def main():
    store = {}
    client = meter_api.create_app(store).test_client()
    worst = 200
    for headers, reading in DELIVERIES:
        response = client.post("/readings", json=reading, headers=headers)
        access.info("%s POST /readings %d", headers["X-Gateway-Id"], response.status_code)
        worst = max(worst, response.status_code)
    access.info("readings of: %s", ", ".join(sorted(store)))
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
