"""Demo installation of a shop that keeps its data in memory; a monitor counts what is stored."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s [%(name)s] %(message)s",
)
log = logging.getLogger("shop.monitor")

import fakeredis

store = fakeredis.FakeStrictRedis(decode_responses=True)


def count_keys():
    counts = {}
    for key in sorted(store.scan_iter(match="shop:*")):
        kind = store.type(key)
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def look():
    """One round of the monitor; a round that fails must not end it."""
    try:
        log.info("stored: %s", count_keys())
    except Exception:
        log.error("monitor round failed", exc_info=True)
        return False
    return True


def main():
    store.set("shop:visitors", 14)
    store.hset("shop:basket:81", mapping={"tea": 2, "cup": 1})
    rounds = [look()]
    store.xadd("shop:orders", {"basket": "81", "total": "17.90"})
    rounds.append(look())
    return all(rounds)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
