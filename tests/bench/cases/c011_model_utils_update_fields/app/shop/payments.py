"""Notes what the bank reports."""
from shop.models import Order


def note_payment(number, way):
    order = Order.objects.get(number=number)
    order.paid_with = way
    order.save(update_fields=["paid_with"])
    order.status = Order.STATUS.paid
    order.save(update_fields=["status"])
    return order
