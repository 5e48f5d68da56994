from django.contrib import admin

from records.models import Record


@admin.register(Record)
class RecordAdmin(admin.ModelAdmin):
    list_display = ["artist", "title", "year"]
    search_fields = ["artist", "title"]
