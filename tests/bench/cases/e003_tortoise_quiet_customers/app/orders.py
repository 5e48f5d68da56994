"""Customers of a shop, and the API that the office's dashboard asks."""
from fastapi import FastAPI
from tortoise import fields
from tortoise.functions import Count
from tortoise.models import Model


class Customer(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=40)
    branch = fields.CharField(max_length=20)
    orders: fields.ReverseRelation["Order"]


class Order(Model):
    id = fields.IntField(primary_key=True)
    customer = fields.ForeignKeyField("models.Customer", related_name="orders")
    total = fields.IntField()


app = FastAPI()


@app.get("/branches/{branch}/customers")
async def customers(branch: str):
    return {"branch": branch, "customers": await Customer.filter(branch=branch).count()}


@app.get("/branches/{branch}/regulars")
async def regulars(branch: str, orders: int = 2):
    """How many customers ordered that often?"""
    counted = Customer.filter(branch=branch).annotate(ordered=Count("orders"))
    return {"branch": branch, "regulars": await counted.filter(ordered__gte=orders).count()}
