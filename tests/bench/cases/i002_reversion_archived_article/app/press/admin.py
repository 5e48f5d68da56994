from django.contrib import admin
from reversion.admin import VersionAdmin

from press.models import Article


@admin.register(Article)
class ArticleAdmin(VersionAdmin):
    list_display = ["title"]

    def get_queryset(self, request):
        """The desk does not see what lies in the archive."""
        return super().get_queryset(request).filter(archived=False)
