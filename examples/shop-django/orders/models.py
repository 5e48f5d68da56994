"""What the shop stores."""

from decimal import Decimal

from django.db import models


class Customer(models.Model):
    """Somebody who buys."""

    name = models.CharField(max_length=80)
    email = models.EmailField(blank=True)
    is_company = models.BooleanField(default=False)

    def latest_order(self) -> "Order | None":
        """The order that was placed last."""
        return self.orders.order_by("-placed_at", "-pk").first()


class Product(models.Model):
    """Something that is sold."""

    sku = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=80)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    stock = models.IntegerField(default=0)


class Voucher(models.Model):
    """Takes a part off the price."""

    code = models.CharField(max_length=20, unique=True)
    percent = models.DecimalField(max_digits=4, decimal_places=1)


class Order(models.Model):
    """What a customer has bought."""

    class Status(models.TextChoices):
        """How far an order is."""

        OPEN = "open"
        PAID = "paid"
        SENT = "sent"

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="orders")
    voucher = models.ForeignKey(Voucher, models.SET_NULL, null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    placed_at = models.DateTimeField()
    total = models.DecimalField(max_digits=9, decimal_places=2, default=Decimal(0))


class Line(models.Model):
    """A product of an order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT)
    quantity = models.PositiveIntegerField(default=1)
    price = models.DecimalField(max_digits=8, decimal_places=2)
