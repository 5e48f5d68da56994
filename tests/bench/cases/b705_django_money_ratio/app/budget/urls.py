from django.urls import path

from . import views

urlpatterns = [
    path("departments/<slug:department>/plan", views.plan),
    path("departments/<slug:department>/report", views.report),
]
