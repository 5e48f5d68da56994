"""What the process holds, and the dependencies that hand it to routes."""

from rates.alerts import AlertBook
from rates.cache import CrossCache
from rates.delivery import Outbox
from rates.history import History
from rates.quotes import QuoteService


class State:
    """Everything that lives as long as the process."""

    def __init__(self) -> None:
        self.history = History()
        self.cache = CrossCache()
        self.quotes = QuoteService(self.history, self.cache)
        self.outbox = Outbox()
        self.alerts = AlertBook(self.outbox)


state = State()


def get_history() -> History:
    """Dependency: the history."""
    return state.history


def get_quotes() -> QuoteService:
    """Dependency: the quote service."""
    return state.quotes


def get_alerts() -> AlertBook:
    """Dependency: the alerts."""
    return state.alerts
