from django.urls import path

from . import views

urlpatterns = [
    path("tickets/", views.open_ticket),
    path("tickets/<int:pk>/", views.show),
    path("tickets/<int:pk>/close/", views.close),
]
