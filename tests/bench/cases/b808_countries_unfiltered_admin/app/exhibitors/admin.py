from django.contrib import admin
from django_countries.filters import CountryFilter

from .models import Exhibitor


@admin.register(Exhibitor)
class ExhibitorAdmin(admin.ModelAdmin):
    list_display = ["name", "country", "hall"]
    list_filter = ["hall", ("country", CountryFilter)]
    search_fields = ["name"]
