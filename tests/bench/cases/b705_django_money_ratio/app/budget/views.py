from django.http import Http404, JsonResponse

from . import books


def plan(request, department):
    if department not in books.BUDGETS:
        raise Http404
    return JsonResponse({"department": department, "per_month": str(books.per_month(department).amount)})


def report(request, department):
    if department not in books.BUDGETS:
        raise Http404
    return JsonResponse({"department": department, "used": round(float(books.used(department)), 3)})
