from django.contrib import admin
from import_export.admin import ExportActionModelAdmin

from .models import Article, Supplier


@admin.register(Supplier)
class SupplierAdmin(ExportActionModelAdmin):
    list_display = ["name"]


@admin.register(Article)
class ArticleAdmin(ExportActionModelAdmin):
    list_display = ["sku", "name", "stock"]
    search_fields = ["name"]
