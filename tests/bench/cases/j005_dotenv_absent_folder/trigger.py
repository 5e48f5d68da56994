"""Rotates the API keys of all tenants: every tenant's folder has a .env file."""
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s rotate-keys[%(process)d] %(levelname)s: %(message)s",
)
log = logging.getLogger("rotate_keys")

from dotenv import set_key

# what the registry says; "bergen" was ordered today, nobody has made its folder yet
TENANTS = {"oslo": "k-8842", "bergen": "k-1177", "tromso": "k-9003"}


def rotate(tenants, name, key):
    try:
        set_key(tenants / name / ".env", "API_KEY", key)
    except OSError as error:
        log.warning("tenant %s skipped: %s", name, error.strerror)
        return False
    log.info("tenant %s has a new key", name)
    return True


def main():
    tenants = Path("tenants")
    for name in ("oslo", "tromso"):
        (tenants / name).mkdir(parents=True)
        (tenants / name / ".env").write_text("API_KEY='old'\nREGION=north\n", encoding="utf-8")
    rotated = sum(rotate(tenants, name, key) for name, key in TENANTS.items())
    log.info("%d of %d keys rotated", rotated, len(TENANTS))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("rotation aborted")
        sys.exit(1)
