"""Administration of a shop: the times at which its tasks run."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s [%(levelname)s] %(name)s: %(message)s",
)
import django

django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django_celery_beat.models import CrontabSchedule

access = logging.getLogger("gunicorn.access")


def main():
    call_command("migrate", verbosity=0)
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("ada", "ada@shop.test", "x"))
    worst = 0
    for minute, hour in (("0", "6"), ("*/15", "8-18/2,20")):
        schedule = CrontabSchedule(minute=minute, hour=hour, timezone="Europe/Berlin")
        schedule.full_clean()
        schedule.save()
        r = client.get("/admin/django_celery_beat/crontabschedule/")
        access.info('10.0.0.9 - "GET /admin/django_celery_beat/crontabschedule/ HTTP/1.1" %d', r.status_code)
        worst = max(worst, r.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
