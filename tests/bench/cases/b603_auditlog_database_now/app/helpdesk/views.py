from django.db.models.functions import Now
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from .models import Ticket


@require_POST
def open_ticket(request):
    ticket = Ticket.objects.create(subject=request.POST["subject"])
    return JsonResponse({"id": ticket.pk}, status=201)


def show(request, pk):
    ticket = get_object_or_404(Ticket, pk=pk)
    return JsonResponse({"id": ticket.pk, "subject": ticket.subject, "state": ticket.state})


@require_POST
def close(request, pk):
    """The time comes from the database, as the clocks of the workers differ."""
    ticket = get_object_or_404(Ticket, pk=pk)
    ticket.state = "closed"
    ticket.closed_at = Now()
    ticket.save()
    return JsonResponse({"id": pk, "state": ticket.state})
