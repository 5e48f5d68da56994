"""Computes quotes: the rate of a pair, directly or through the euro, less what the customer's tier pays."""

from decimal import Decimal

from rates.cache import CrossCache
from rates.errors import UnknownPair
from rates.history import History
from rates.models import Quote, QuoteRequest, Tier

MARGINS = {Tier.RETAIL: Decimal("0.015"), Tier.BUSINESS: Decimal("0.004")}
VIA = "EUR"


class QuoteService:
    """Quotes from a history."""

    def __init__(self, history: History, cache: CrossCache) -> None:
        self.history = history
        self.cache = cache

    def quote(self, request: QuoteRequest) -> Quote:
        """Answer a question for a price."""
        pair = request.base + request.target
        rate = self.rate(request.base, request.target) * (1 - self.margin(request))
        result = (request.amount * rate).quantize(Decimal("0.01"))
        return Quote(pair=pair, amount=request.amount, rate=rate.quantize(Decimal("0.000001")), result=result)

    def margin(self, request: QuoteRequest) -> Decimal:
        """Return what is kept."""
        return MARGINS[request.customer.tier]

    def rate(self, base: str, target: str) -> Decimal:
        """Return the newest rate of a pair."""
        try:
            return self.history.latest(base + target).rate
        except UnknownPair:
            return self.cross(base, target)

    def cross(self, base: str, target: str) -> Decimal:
        """Return the rate through the euro."""
        legs = [self.history.latest(VIA + base), self.history.latest(VIA + target)]
        newest = max(legs, key=lambda leg: leg.at)
        known = self.cache.rate(base + target, newest)
        if known is not None:
            return known
        rate = legs[1].rate / legs[0].rate
        self.cache.put(base + target, rate, legs)
        return rate
