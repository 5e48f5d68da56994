"""Configuration of the orders app."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Connects the signals when the site is up."""

    name = "orders"

    def ready(self) -> None:
        """Let the signals be received."""
        from orders import signals  # noqa: F401
