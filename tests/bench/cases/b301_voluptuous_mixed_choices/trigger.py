"""Preferences behind a server: four customers say how they want to be told about deliveries."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s in %(module)s: %(message)s",
)
import preferences

access = logging.getLogger("gunicorn.access")
REQUESTS = [
    (4711, {"channel": "mail", "language": "de"}),
    (4712, {"channel": None}),
    (4713, {"channel": "sms", "language": "english"}),
    (4714, {"channel": "fax", "language": "fr"}),
]


def main():
    client = preferences.app.test_client()
    worst = 200
    for customer, body in REQUESTS:
        path = f"/customers/{customer}/preferences"
        status = client.put(path, json=body).status_code
        access.info('172.18.0.4 "PUT %s HTTP/1.1" %d', path, status)
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
