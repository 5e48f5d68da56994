"""Messages that the order service exchanges with its neighbours."""
from typing import List, Optional

from pydantic import BaseModel, Field


class OrderPlaced(BaseModel):
    class Line(BaseModel):
        sku: str
        quantity: int = Field(gt=0)

    number: int
    lines: List[Line]


class InvoiceSent(BaseModel):
    class Line(BaseModel):
        text: str
        net: float
        vat: float = 0.19

    number: int
    order: Optional[int]
    lines: List[Line]


class OrderCancelled(BaseModel):
    number: int
    reason: Optional[str]


TOPICS = {
    "orders": [OrderPlaced, OrderCancelled],
    "billing": [OrderPlaced, InvoiceSent],
}
