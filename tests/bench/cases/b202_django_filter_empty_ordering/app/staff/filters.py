import django_filters
from django.contrib.auth.models import User


class StaffFilter(django_filters.FilterSet):
    order = django_filters.OrderingFilter(fields=("username", "last_name", "date_joined"))

    class Meta:
        model = User
        fields = {"last_name": ["icontains"], "is_active": ["exact"]}
