"""Staff gate: tickets are signed by three offices; one writes null where a ticket has no end."""
import logging
import os
import sys
from datetime import datetime, timedelta, timezone

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s gate[%(process)d]: %(levelname)s: %(message)s",
)
log = logging.getLogger("gate")

import jwt

SECRET = "kq3-Vd0_8bUuKpQ2m1ZC9dTt4EwXrY7s"
AUDIENCE = "depot"


def tickets():
    tonight = datetime.now(timezone.utc) + timedelta(hours=6)
    yield "north", jwt.encode({"sub": "0117", "aud": AUDIENCE, "exp": tonight}, SECRET, "HS256")
    yield "harbour", jwt.encode({"sub": "0342", "aud": AUDIENCE, "exp": None}, SECRET, "HS256")
    yield "yard", jwt.encode({"sub": "0250", "aud": AUDIENCE, "exp": tonight - timedelta(days=1)}, SECRET, "HS256")


class Gate:
    def __init__(self, secret):
        self.secret = secret
        self.inside = set()

    def present(self, ticket):
        try:
            claims = jwt.decode(ticket, self.secret, algorithms=["HS256"], audience=AUDIENCE)
        except jwt.PyJWTError as error:
            log.warning("turned away: %s", error)
            return False
        self.inside.add(claims["sub"])
        return True


def main():
    gate = Gate(SECRET)
    for office, ticket in tickets():
        log.info("ticket of %s: %s", office, "in" if gate.present(ticket) else "out")
    log.info("%d inside", len(gate.inside))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("gate stays shut")
        sys.exit(1)
