from auditlog.registry import auditlog
from django.db import models


class Ticket(models.Model):
    subject = models.CharField(max_length=120)
    state = models.CharField(max_length=12, default="open")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)


auditlog.register(Ticket)
