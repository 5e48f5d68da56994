from django.http import JsonResponse
from django.views.decorators.http import require_safe

LOAVES = {"rye": 340, "spelt": 420, "walnut": 480}


@require_safe
def prices(request):
    return JsonResponse({"currency": "EUR", "cents": LOAVES})


@require_safe
def price(request, loaf):
    if loaf not in LOAVES:
        return JsonResponse({"error": "no such loaf"}, status=404)
    return JsonResponse({"loaf": loaf, "cents": LOAVES[loaf]})
