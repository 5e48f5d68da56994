"""What the API takes and gives, and what the services hold."""

from datetime import datetime
from decimal import Decimal
from enum import Enum

from pydantic import BaseModel, Field


class Tier(str, Enum):
    """How large a customer is."""

    RETAIL = "retail"
    BUSINESS = "business"


class Customer(BaseModel):
    """Who asks for a quote."""

    number: str
    tier: Tier = Tier.RETAIL
    desk: str | None = None


class QuoteRequest(BaseModel):
    """A question for a price."""

    base: str = Field(min_length=3, max_length=3)
    target: str = Field(min_length=3, max_length=3)
    amount: Decimal = Field(gt=0)
    customer: Customer | None = None


class Quote(BaseModel):
    """The answer."""

    pair: str
    amount: Decimal
    rate: Decimal
    result: Decimal


class Point(BaseModel):
    """A rate at a moment."""

    at: datetime
    rate: Decimal


class Alert(BaseModel):
    """A wish to be told when a rate is passed."""

    pair: str
    above: Decimal
    channel: str = "mail"
    address: str = ""
