"""Limits of services, set by the provider's console."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-8s %(message)s",
    datefmt="%b %d %H:%M:%S",
)
log = logging.getLogger("console")

import limits

TEXT = """# Ask Rosa before you change ports.
[services.web]
image = "web:4"  # since June
port = 8080

[services.mail]
image = "mail:2"
port = 25
"""


def main():
    text = limits.set_limit(TEXT, "web", "memory", "512M")
    log.info("web: memory 512M; %d lines", text.count("\n"))
    text = limits.set_limits(TEXT, {"web": {"cpus": 2}, "mail": {"cpus": 1}})
    log.info("web, mail: cpus; %d lines", text.count("\n"))
    text = limits.set_limits(TEXT, {"web": {"cpus": 2, "memory": "1G"}, "mail": {"cpus": 1, "memory": "256M"}})
    log.info("web, mail: cpus, memory; %d lines", text.count("\n"))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("limits not set")
        sys.exit(1)
    log.info("saved")
