"""The museum's site goes online."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-7s %(name)s | %(message)s",
)
access = logging.getLogger("museum.access")

from museum.models import db
from museum.web import create_app


def main():
    app = create_app()
    with app.app_context():
        db.create_all(bind_key=["inventory", "visitors"])
    client = app.test_client()
    worst = 0
    for method, path, body in [
        ("post", "/visitors", {"name": "Ole Paulsen"}),
        ("get", "/items", None),
        ("get", "/items/3", None),
        ("get", "/paintings?painter=Nolde", None),
    ]:
        response = getattr(client, method)(path, json=body)
        access.info("%s %s %d", method.upper(), path, response.status_code)
        worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
