"""Sign-up of business customers: the domain of the mail address says which company somebody belongs to."""
import logging
import os
import sys
from logging.config import dictConfig

dictConfig(
    {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "{asctime} {levelname:<7} {name} - {message}", "style": "{"}},
        "handlers": {
            "file": {
                "class": "logging.FileHandler",
                "filename": os.environ.get("PROD_LOG", "prod.log"),
                "formatter": "line",
                "encoding": "utf-8",
            }
        },
        "root": {"level": "INFO", "handlers": ["file"]},
    }
)
log = logging.getLogger("signup.domains")

import tldextract


class CompanyDirectory:
    """Companies by registered domain; the intranet of the group has a suffix of its own."""

    def __init__(self):
        self.extract = tldextract.TLDExtract(
            cache_dir=False, suffix_list_urls=(), extra_suffixes=["corp.internal"]
        )
        self.members = {}

    def register(self, address):
        parts = self.extract(address.partition("@")[2])
        self.members.setdefault(parts.registered_domain, []).append(address)
        log.info("%s belongs to %s", address, parts.registered_domain)

    def is_too_general(self, domain):
        """Nobody may claim a whole suffix as his company's domain."""
        return domain in self.extract.tlds


def main():
    directory = CompanyDirectory()
    for address in ("ada@mail.engines.co.uk", "hopper@fleet.corp.internal"):
        directory.register(address)
    for claim in ("engines.co.uk", "co.uk"):
        verdict = "refused" if directory.is_too_general(claim) else "accepted"
        log.info("claim of %s %s", claim, verdict)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("sign-up failed")
        sys.exit(1)
