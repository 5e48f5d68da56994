"""Administration behind a server: a clerk looks at the parcels and corrects two of them."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s[%(process)d]: %(message)s",
)
logging.getLogger("httpx").setLevel(logging.WARNING)
from starlette.testclient import TestClient

import parcels

access = logging.getLogger("uvicorn.access")
REQUESTS = [
    ("GET", "/admin/parcel/list", None),
    ("GET", "/admin/parcel/edit/1", None),
    ("POST", "/admin/parcel/edit/1", {"town": "Bremerhaven", "courier": ""}),
    ("GET", "/admin/parcel/edit/2", None),
    ("POST", "/admin/parcel/edit/2", {"town": "Emden-Larrelt", "courier": "8c9d3f0e-52b1-4d0e-9a61-0c1f6f1b7a55"}),
    ("GET", "/admin/parcel/list", None),
]


def main():
    parcels.fill()
    client = TestClient(parcels.app, raise_server_exceptions=False, follow_redirects=False)
    worst = 200
    for method, path, data in REQUESTS:
        status = client.request(method, path, data=data).status_code
        access.info('127.0.0.1:53310 - "%s %s HTTP/1.1" %d', method, path, status)
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 400 else 0)
