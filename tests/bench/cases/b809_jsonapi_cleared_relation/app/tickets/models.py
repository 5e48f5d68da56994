from django.db import models


class Agent(models.Model):
    name = models.CharField(max_length=60)

    class JSONAPIMeta:
        resource_name = "agents"


class Ticket(models.Model):
    subject = models.CharField(max_length=120)
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets")

    class JSONAPIMeta:
        resource_name = "tickets"
