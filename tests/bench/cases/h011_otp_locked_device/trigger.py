"""Back office with one-time passwords; the device of a clerk who left was locked by hand, for good."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s - %(name)s - %(levelname)s - %(message)s",
)
import django

django.setup()
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

access = logging.getLogger("portal.access")


def lock_out(username):
    from django.contrib.auth.models import User
    from django_otp.plugins.otp_totp.models import TOTPDevice

    user = User.objects.create_superuser(username, password="correct horse")
    return TOTPDevice.objects.create(
        user=user, name="phone", throttling_failure_count=99, throttling_failure_timestamp=timezone.now()
    )


def main():
    call_command("migrate", verbosity=0)
    device = lock_out("clerk")
    client = Client(raise_request_exception=False)
    worst = 200
    form = {"username": "clerk", "password": "correct horse", "otp_device": device.persistent_id, "otp_token": "123456"}
    for method, data in (("GET", {}), ("POST", form)):
        response = getattr(client, method.lower())("/backoffice/login/", data)
        access.info('192.0.2.77 "%s /backoffice/login/" %d', method, response.status_code)
        worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
