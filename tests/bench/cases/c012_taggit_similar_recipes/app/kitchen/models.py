"""Pages of a cookery magazine; recipes are pages with tags."""
from django.db import models
from taggit.managers import TaggableManager
from taggit.models import TaggedItemBase


class RecipeTag(TaggedItemBase):
    content_object = models.ForeignKey("Recipe", on_delete=models.CASCADE)


class Page(models.Model):
    title = models.CharField(max_length=80)


class Recipe(Page):
    minutes = models.PositiveIntegerField()
    tags = TaggableManager(through=RecipeTag)
