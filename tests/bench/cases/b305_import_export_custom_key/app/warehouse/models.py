from django.db import models


class Supplier(models.Model):
    name = models.CharField(max_length=80)

    def __str__(self):
        return self.name


class Article(models.Model):
    """What lies on the shelves; the number printed on the label is its key."""

    sku = models.CharField("number", max_length=12, primary_key=True)
    name = models.CharField(max_length=80)
    stock = models.IntegerField(default=0)

    def __str__(self):
        return f"{self.sku} {self.name}"
