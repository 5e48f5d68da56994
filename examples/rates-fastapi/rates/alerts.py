"""Tells customers of rates; runs after the answer was sent."""

import logging
from decimal import Decimal

from rates.delivery import Outbox
from rates.models import Alert

logger = logging.getLogger(__name__)


class AlertBook:
    """The alerts that wait for their rate."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self.waiting: list[Alert] = []

    def add(self, alert: Alert) -> None:
        """Keep an alert."""
        self.waiting.append(alert)

    def notify(self, pair: str, rate: Decimal) -> bool:
        """Send what is due; a failure must not stop the feed."""
        try:
            due = [alert for alert in self.waiting if alert.pair == pair and alert.above < rate]
            for alert in due:
                self.outbox.send(f"{pair} is at {rate}", alert.address)
                self.waiting.remove(alert)
            return True
        except Exception:
            logger.exception("Could not send the alerts for %s", pair)
            return False
