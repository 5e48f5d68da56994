"""Keeps the list of addresses that get no more newsletters."""
import logging

from anymail.signals import tracking
from django.dispatch import receiver

log = logging.getLogger("newsletter.tracking")
blocked = {}


@receiver(tracking)
def note_event(sender, event, esp_name, **kwargs):
    log.info("%s: %s for %s (%s)", esp_name, event.event_type, event.recipient, event.reject_reason)
    if event.event_type in ("bounced", "unsubscribed", "complained"):
        blocked[event.recipient] = event.event_type
