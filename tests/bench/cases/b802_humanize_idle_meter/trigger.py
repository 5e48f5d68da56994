"""Nightly job: writes a mail to every tenant."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s|%(levelname)s|%(name)s|%(message)s",
)
log = logging.getLogger("energy.nightly")

from energy.report import mail

TENANTS = [
    {"name": "Familie Jessen", "meters": [
        {"room": "kitchen", "watts": [143.0, 1210.5, 88.2], "joules": 12_441_600},
        {"room": "cellar", "watts": [12.1, 11.9], "joules": 1_036_800},
    ]},
    {"name": "A. Petersen", "meters": [
        {"room": "flat", "watts": [0.35, 0.41, 0.38], "joules": 32_832},
        {"room": "garage", "watts": [], "joules": 0},
    ]},
    {"name": "Dr. Hinrichs", "meters": [
        {"room": "practice", "watts": [2210.0, 3110.0], "joules": 229_824_000},
    ]},
]


def main():
    failed = 0
    for tenant in TENANTS:
        try:
            text = mail(tenant)
        except Exception:
            log.exception("no mail to %s", tenant["name"])
            failed += 1
            continue
        log.info("mail to %s: %d lines", tenant["name"], len(text.splitlines()))
    log.info("%d mails, %d failed", len(TENANTS) - failed, failed)
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
