from django.db import models
from simple_history.models import HistoricalRecords


class Tag(models.Model):
    name = models.CharField(max_length=30, unique=True)


class Article(models.Model):
    """An article; every version of it is kept, with its tags and what it is related to."""

    slug = models.SlugField(unique=True)
    tags = models.ManyToManyField(Tag)
    related = models.ManyToManyField("self")
    history = HistoricalRecords(m2m_fields=[tags, related])
