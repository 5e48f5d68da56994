from django.urls import path

from .views import MovementList

urlpatterns = [path("movements/", MovementList.as_view(), name="movements")]
