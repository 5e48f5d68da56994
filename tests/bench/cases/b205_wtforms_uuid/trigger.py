"""Device register behind a server: a technician adds a device and checks all of them."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s in %(name)s: %(message)s",
)
import devices

access = logging.getLogger("werkzeug")
REQUESTS = [
    ("POST", "/devices", {"name": "meter", "serial": "4b8c1a3e-7d42-4a2f-8a36-9e4b1f0c7d55"}),
    ("POST", "/devices", {"name": "fan", "serial": "none"}),
    ("GET", "/devices/pump/check", None),
    ("GET", "/devices/valve/check", None),
]


def main():
    client = devices.app.test_client()
    worst = 200
    for method, path, form in REQUESTS:
        status = client.open(path, method=method, data=form).status_code
        access.info('192.168.4.20 - - "%s %s HTTP/1.1" %d -', method, path, status)
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
