from django.db import models


class Record(models.Model):
    artist = models.CharField(max_length=100)
    title = models.CharField(max_length=100)
    year = models.PositiveSmallIntegerField()

    def __str__(self):
        return f"{self.artist}: {self.title}"
