from django.db import models


class Product(models.Model):
    sku = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    price = models.DecimalField(max_digits=7, decimal_places=2)

    class Meta:
        ordering = ["price"]

    def __str__(self):
        return f"{self.sku} {self.name}"
