"""Routes of the app."""

from django.urls import path

from orders import views

urlpatterns = [
    path("orders/", views.order_list),
    path("orders/new", views.take_order),
    path("customers/<int:number>/", views.customer_page),
]
