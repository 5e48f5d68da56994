from django.urls import path

from . import views

urlpatterns = [
    path("api/login", views.Login.as_view()),
    path("api/refresh", views.Refresh.as_view()),
    path("api/me", views.Me.as_view()),
]
