from django.urls import path

from catalog import views

urlpatterns = [
    path("products/", views.product_list, name="products"),
]
