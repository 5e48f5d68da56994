"""Made-up customers for the demo environment."""
import dataclasses

import factory


@dataclasses.dataclass
class Customer:
    name: str
    business: bool
    company: str
    email: str
    phone: str = ""


class CustomerFactory(factory.Factory):
    class Meta:
        model = Customer

    business = False
    name = factory.Faker("name")
    company = ""
    email = factory.LazyAttribute(lambda c: c.name.lower().replace(" ", ".") + "@demo.example")


class PhoneCustomerFactory(CustomerFactory):
    """Customers of the call centre: companies are reached over their switchboard."""

    phone = factory.Maybe(
        "business",
        yes_declaration=factory.Faker("bothify", text="+49 30 ######-0"),
        no_declaration=factory.Faker("bothify", text="+49 17# #######"),
    )
