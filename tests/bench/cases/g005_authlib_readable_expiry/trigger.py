"""Job that finds the suppliers whose access has to be renewed."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("suppliers.renew")

from tokens import TokenStore


def main():
    store = TokenStore(":memory:")
    store.keep("bakery", {"access_token": "b-1", "token_type": "Bearer", "expires_at": 1999999999})
    store.keep("dairy", {"access_token": "d-1", "token_type": "Bearer", "expires_in": "3600"})
    store.keep("mill", {"access_token": "m-1", "token_type": "Bearer", "expires_at": "2033-05-18T03:33:19Z", "expires_in": 7200})
    for supplier in store.suppliers():
        token = store.load(supplier)
        log.info("%s: %s", supplier, "renew" if token.is_expired() else "still good")


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("renewal stopped")
        sys.exit(1)
    log.info("renewal done")
