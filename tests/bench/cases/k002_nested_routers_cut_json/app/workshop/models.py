"""Repair shop: customers, and the orders of a customer."""
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=80)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="orders")
    device = models.CharField(max_length=80)
    complaint = models.TextField(blank=True)
