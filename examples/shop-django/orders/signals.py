"""What happens when something is saved."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from orders.models import Product
from orders.stock import refill


@receiver(post_save, sender=Product)
def product_saved(sender: type[Product], instance: Product, created: bool, **kwargs: Any) -> None:
    """Watch the stock."""
    if not created:
        refill(instance)
