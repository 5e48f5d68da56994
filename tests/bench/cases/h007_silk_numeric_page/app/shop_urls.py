from django.http import JsonResponse
from django.urls import include, path

LAMPS = [f"lamp {number}" for number in range(1, 26)]


def catalogue(request):
    page = request.GET.get("page", 1)
    return JsonResponse({"page": page, "lamps": LAMPS[(page - 1) * 10 : page * 10]})


urlpatterns = [
    path("lamps/", catalogue, name="catalogue"),
    path("silk/", include("silk.urls", namespace="silk")),
]
