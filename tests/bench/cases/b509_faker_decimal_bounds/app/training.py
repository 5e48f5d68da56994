"""Made-up customers and orders for the system on which new people of a wholesaler are trained."""
from dataclasses import dataclass
from decimal import Decimal

from faker import Faker

PRICES = {"screws": (1, 40), "saws": (12, 90), "paint": (4, 31.5)}


@dataclass
class Order:
    customer: str
    article: str
    price: Decimal


class Maker:
    def __init__(self, seed):
        self.fake = Faker("en_GB")
        self.fake.seed_instance(seed)

    def order(self, article):
        lowest, highest = PRICES[article]
        price = self.fake.pydecimal(right_digits=2, positive=True, min_value=lowest, max_value=highest)
        return Order(self.fake.name(), article, price)
