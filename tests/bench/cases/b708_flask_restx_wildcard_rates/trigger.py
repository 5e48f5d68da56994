"""The shop asks for the rates every morning."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(name)s[%(process)d] %(levelname)s %(message)s",
    datefmt="%b %d %H:%M:%S",
)
access = logging.getLogger("access")

from rates.api import app


def main():
    client = app.test_client()
    failed = 0
    for path in ("/days", "/rates/2021-11-01", "/rates/2021-10-30", "/rates/2021-10-29"):
        response = client.get(path)
        access.info("10.8.0.3 GET %s %d", path, response.status_code)
        failed += response.status_code >= 500
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
