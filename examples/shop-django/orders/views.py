"""The pages; they hold no logic of their own."""

import json
import logging

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from orders import reports
from orders.intake import Intake, IntakeError
from orders.models import Customer, Order

logger = logging.getLogger(__name__)

marketplace = Intake("marketplace")


@require_POST
def take_order(request: HttpRequest) -> JsonResponse:
    """Take an order of the marketplace."""
    try:
        order = marketplace.accept(json.loads(request.body))
    except IntakeError as error:
        return JsonResponse({"error": str(error)}, status=400)
    logger.info("Order %d taken", order.pk)
    return JsonResponse({"number": order.pk, "total": str(order.total)}, status=201)


@require_GET
def customer_page(request: HttpRequest, number: int) -> JsonResponse:
    """Show a customer."""
    return JsonResponse(reports.summary(get_object_or_404(Customer, pk=number)))


@require_GET
def order_list(request: HttpRequest) -> JsonResponse:
    """List the orders of a status."""
    orders = Order.objects.select_related("customer", "voucher").order_by("pk")
    if "status" in request.GET:
        orders = orders.filter(status=request.GET["status"])
    return JsonResponse({"orders": reports.describe(list(orders))})
