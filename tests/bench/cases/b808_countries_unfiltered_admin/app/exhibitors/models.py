from django.db import models
from django_countries.fields import CountryField


class Exhibitor(models.Model):
    name = models.CharField(max_length=80)
    country = CountryField()
    hall = models.PositiveSmallIntegerField(default=1)

    def __str__(self):
        return self.name
