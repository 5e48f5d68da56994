from django.urls import path

from .views import price, prices

urlpatterns = [path("api/prices", prices), path("api/prices/<slug:loaf>", price)]
