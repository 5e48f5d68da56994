"""The page on which customers enter where they want to be told about orders."""
import logging

from .probe import Refused, probe

log = logging.getLogger("hooks.settings")
stored = {}


def save(customer, url):
    url = url.strip()
    try:
        server = probe(url)
    except Refused as reason:
        log.info("customer %d: %r refused, %s", customer, url, reason)
        return {"ok": False, "error": str(reason)}
    stored[customer] = url
    log.info("customer %d: %r stored, served by %s", customer, url, server)
    return {"ok": True}
