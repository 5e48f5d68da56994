from rest_framework_json_api import serializers, views

from .models import Agent, Ticket


class AgentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Agent
        fields = ["name"]


class TicketSerializer(serializers.ModelSerializer):
    included_serializers = {"agent": AgentSerializer}

    class Meta:
        model = Ticket
        fields = ["subject", "agent"]


class TicketViewSet(views.ModelViewSet):
    queryset = Ticket.objects.order_by("pk")
    serializer_class = TicketSerializer


class TicketRelationshipView(views.RelationshipView):
    """Who works on a ticket: /tickets/7/relationships/agent"""

    queryset = Ticket.objects.all()
