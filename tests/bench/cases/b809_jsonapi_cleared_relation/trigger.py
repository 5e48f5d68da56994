"""The help desk's board: tickets are handed on and given back."""
import json
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(process)d %(levelname)s %(name)s %(message)s",
)
os.environ["DJANGO_SETTINGS_MODULE"] = "tickets.settings"
import django

django.setup()
from django.core.management import call_command
from django.test import Client

from tickets.models import Agent, Ticket

access = logging.getLogger("board")
JSON_API = "application/vnd.api+json"


def send(client, method, path, data=None):
    body = json.dumps(data) if data else ""
    response = client.generic(method, path, body, content_type=JSON_API)
    access.info("%s %s %d", method, path, response.status_code)
    return response


def main():
    call_command("migrate", run_syncdb=True, verbosity=0)
    inken, broder = [Agent.objects.create(name=name) for name in ("Inken", "Broder")]
    ticket = Ticket.objects.create(subject="The printer in room 4 prints stripes", agent=inken)
    client = Client(raise_request_exception=False)
    relation = f"/tickets/{ticket.pk}/relationships/agent"
    responses = [
        send(client, "GET", "/tickets?include=agent"),
        send(client, "PATCH", relation, {"data": {"type": "agents", "id": str(broder.pk)}}),
        send(client, "PATCH", relation, {"data": {"type": "agents"}}),
        send(client, "GET", relation),
        send(client, "PATCH", relation, {"data": None}),
        send(client, "GET", f"/tickets/{ticket.pk}"),
    ]
    return max(response.status_code for response in responses)


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
