"""A shop has delivered its offers; the users' alerts are looked up."""
import json
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s [%(name)s] %(message)s",
)
log = logging.getLogger("watch")

from watch.rules import load

RULES = """
hauke: $.offers[?(@.stock > 0)]
elke: $.offers[?(@.brand == "Fjord")]
wiebke: $.offers[?(@.price < 49.9)]
jan: $.offers[?(@.price <= 100 & @.stock > 5)]
"""
DELIVERY = """
{"shop": "outdoor-nord", "offers": [
    {"name": "tent", "brand": "Fjord", "price": 189.0, "stock": 4},
    {"name": "rain jacket", "brand": "Windfang", "price": 44.95, "stock": 11},
    {"name": "canoe", "brand": "Fjord", "price": "on request", "stock": 1}
]}
"""


def main():
    delivery = json.loads(DELIVERY)
    for rule in load(RULES.strip().splitlines()):
        log.info("%s: %s", rule.owner, ", ".join(rule.hits(delivery)) or "nothing")


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("alerts of this delivery not sent")
        sys.exit(1)
