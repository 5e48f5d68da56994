"""Order desk behind a server: the web shop asks for orders, and so does a till, which packs its variables twice."""
import json
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s:     %(name)s - %(message)s",
)
logging.getLogger("httpx").setLevel(logging.WARNING)
from fastapi.testclient import TestClient

import orders_api

access = logging.getLogger("uvicorn.access")
ONE = "query One($number: Int!) { order(number: $number) { state total } }"
OPERATIONS = [
    {"query": "{ orders { number state } }"},
    {"query": ONE, "variables": {"number": 2301}, "operationName": "One"},
    {"query": ONE, "variables": None, "operationName": "One"},
    {"query": ONE, "variables": json.dumps({"number": 2302}), "operationName": "One"},
    {"query": ONE, "variables": {"number": 2302}, "operationName": "One"},
]


def main():
    client = TestClient(orders_api.app, raise_server_exceptions=False)
    broken = 0
    access.info('10.4.0.9:40112 - "GET /health HTTP/1.1" %d', client.get("/health").status_code)
    for operation in OPERATIONS:
        answer = client.post("/graphql", json=operation)
        access.info('10.4.0.9:40112 - "POST /graphql HTTP/1.1" %d', answer.status_code)
        if answer.status_code >= 500:
            broken += 1
        elif answer.status_code == 200:  # errors of the operation itself tell where they are
            errors = answer.json().get("errors", [])
            broken += any("locations" not in error for error in errors)
    return broken


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
