"""API of the repair shop."""
from rest_framework import serializers, viewsets
from rest_framework_nested.routers import NestedSimpleRouter, SimpleRouter
from rest_framework_nested.viewsets import NestedViewSetMixin

from workshop.models import Customer, Order


class CustomerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Customer
        fields = ["id", "name"]


class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["id", "customer", "device", "complaint"]


class CustomerViewSet(viewsets.ModelViewSet):
    queryset = Customer.objects.order_by("pk")
    serializer_class = CustomerSerializer


class OrderViewSet(NestedViewSetMixin, viewsets.ModelViewSet):
    queryset = Order.objects.order_by("pk")
    serializer_class = OrderSerializer
    parent_lookup_kwargs = {"customer_pk": "customer__pk"}


customers = SimpleRouter()
customers.register("customers", CustomerViewSet)
orders = NestedSimpleRouter(customers, "customers", lookup="customer")
orders.register("orders", OrderViewSet, basename="customer-orders")
urlpatterns = [*customers.urls, *orders.urls]
