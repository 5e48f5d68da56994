"""Login page of a shop."""
import logging
import os
import sys
from urllib.parse import parse_qsl

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="time=%(asctime)s level=%(levelname)s logger=%(name)s %(message)s",
)
log = logging.getLogger("shop.login")

from login import login

LINKS = ["next=/cart", "next=https%3A%2F%2Fevil.test%2F", "next=https%3A%2F%2F%5Bshop.test%2Fcart"]


def main():
    for link in LINKS:
        answer, session = login(dict(parse_qsl(link)))
        log.info("status=%d next=%s", answer["status"], session.get("next"))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("status=500 path=/login/club")
        sys.exit(1)
