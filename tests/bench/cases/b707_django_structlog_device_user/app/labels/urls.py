from django.http import HttpResponse, JsonResponse
from django.urls import path


def health(request):
    return HttpResponse("ok", content_type="text/plain")


def label(request, parcel):
    user = getattr(request, "user", None)
    if user is None:
        return JsonResponse({"error": "unknown device"}, status=401)
    return JsonResponse({"parcel": parcel, "printer": user.name, "text": f"{user.site} {parcel:08d}"})


urlpatterns = [path("health", health), path("labels/<int:parcel>", label)]
