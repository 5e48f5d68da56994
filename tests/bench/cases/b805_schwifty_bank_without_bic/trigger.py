"""Landlords enter their accounts on the web site."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s: %(asctime)s - %(name)s - %(message)s",
)
logging.getLogger("httpx").setLevel(logging.WARNING)
access = logging.getLogger("payout.access")

from fastapi.testclient import TestClient

from payout.api import app

FORMS = [
    {"holder": "Gerda Hansen", "iban": "DE89 3704 0044 0532 0130 00"},
    {"holder": "M. Lindt", "iban": "CH93 0076 2011 6238 5295 7"},
    {"holder": "Gerda Hansen", "iban": "DE89 3704 0044 0532 0130 01"},
    {"holder": "Fam. Brunner", "iban": "CH2508351000123456789"},
    {"holder": "J. Novak", "iban": "CZ65 0800 0000 1920 0014 5399"},
]


def main():
    client = TestClient(app)
    failed = 0
    for form in FORMS:
        response = client.post("/accounts/check", json=form)
        access.info('POST /accounts/check "%s" %d', form["holder"], response.status_code)
        failed += response.status_code >= 500
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
