from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from .views import ReadingsView, StationView

urlpatterns = [
    path("readings/", ReadingsView.as_view()),
    path("stations/<str:name>/", StationView.as_view()),
    path("description/", SpectacularAPIView.as_view()),
]
