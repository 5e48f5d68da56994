from django.urls import path

from .views import ProfileView

urlpatterns = [path("members/me/", ProfileView.as_view())]
