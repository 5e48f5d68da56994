"""Orders what is about to run out."""

import logging

from orders.models import Product

logger = logging.getLogger(__name__)

LOW = 3


class Supplier:
    """Takes what is ordered again."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, int, str]] = []

    def request(self, sku: str, quantity: int, reason: str) -> None:
        """Ask for more of a product."""
        self.requests.append((sku, quantity, reason))


supplier = Supplier()


def refill(product: Product) -> bool:
    """Ask for more when little is left; the sale goes on whatever happens here."""
    try:
        if product.stock > LOW:
            return False
        supplier.request(product.sku, LOW * 4 - product.stock)
        return True
    except Exception:
        logger.error("Could not refill %s", product.sku, exc_info=True)
        return False
