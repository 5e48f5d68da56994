from django.contrib.auth.models import User
from django.http import JsonResponse
from django.urls import path

from staff.filters import StaffFilter


def staff(request):
    found = StaffFilter(request.GET, queryset=User.objects.all())
    if not found.is_valid():
        return JsonResponse({"errors": found.errors}, status=400)
    return JsonResponse({"staff": [user.username for user in found.qs]})


urlpatterns = [path("staff/", staff)]
