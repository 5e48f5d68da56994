"""Mailer that sends the daily figures: one to the managers, one to the shops. The shops' mail has no copies."""
import logging
import os
import sys

os.environ.update(
    MANAGERS_SERVER="mail.example.org",
    MANAGERS_PORT="587",
    MANAGERS_RECIPIENTS="ada@example.org,bo@example.org",
    MANAGERS_COPIES="office@example.org",
    SHOPS_SERVER="mail.example.org",
    SHOPS_RECIPIENTS="shop1@example.org,shop2@example.org",
)
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s.%(msecs)03d %(levelname)s <%(name)s> %(message)s",
    datefmt="%d/%b/%Y %H:%M:%S",
)
log = logging.getLogger("mailer")

import mailer_config


def main():
    for group in ("MANAGERS_", "SHOPS_"):
        config = mailer_config.load(group)
        log.info(
            "%s%s:%d to %d, copies to %s",
            group,
            config.server,
            config.port,
            len(config.recipients),
            ", ".join(config.copies) if config.copies else "nobody",
        )


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.critical("mailer cannot start", exc_info=True)
        sys.exit(1)
