"""The till of the farm shop on its first morning."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s in %(module)s: %(message)s",
)
access = logging.getLogger("till")

from farmshop.web import create_app


def main():
    client = create_app().test_client()
    worst = 0
    for method, path, body in [
        ("get", "/products", None),
        ("get", "/products/2/fresh", None),
        ("get", "/products/9/fresh", None),
        ("post", "/orders", {"9": 1}),
        ("post", "/orders", {"1": 5, "3": 2}),
    ]:
        response = getattr(client, method)(path, json=body)
        access.info("%s %s -> %s", method.upper(), path, response.status)
        worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
