"""Payments service: a client asks for an order, then a partner fetches the API description."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-8s [%(name)s] %(message)s",
)
logging.getLogger("httpx").setLevel(logging.WARNING)
access = logging.getLogger("payments.access")

from litestar.testing import TestClient

from payments_api import create_app


def main():
    worst = 200
    with TestClient(create_app(), raise_server_exceptions=False) as client:
        for path in ("/orders/4711/payment", "/orders/4712/payment", "/schema/openapi.json"):
            response = client.get(path)
            access.info('172.18.0.5 "GET %s" %d', path, response.status_code)
            worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
