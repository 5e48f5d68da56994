from django.db import models
from model_utils import Choices
from model_utils.models import StatusModel, TimeStampedModel


class Order(TimeStampedModel, StatusModel):
    STATUS = Choices("open", "paid", "sent")
    number = models.CharField(max_length=20, unique=True)
    paid_with = models.CharField(max_length=20, blank=True)
