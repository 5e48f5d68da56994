"""Account service of a shop: customers log in from the phone; an old build of the app sends the form as a list."""
import json
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
from django.core.management import call_command
from django.test import Client

access = logging.getLogger("shop.access")

LOGIN = "/_allauth/app/v1/auth/login"
# builds up to 3.1 had one entry for every field of the form
FORM_BUILD_31 = [{"name": "email", "value": "lena@example.com"}, {"name": "password", "value": "tulips-and-tea"}]
FORM_BUILD_32 = {"email": "lena@example.com", "password": "tulips-and-tea"}


def register(email, password):
    from allauth.account.models import EmailAddress
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.create_user(username="lena", email=email, password=password)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)


def main():
    call_command("migrate", verbosity=0)
    register("lena@example.com", "tulips-and-tea")
    worst = 200
    for build, form in (("3.2", FORM_BUILD_32), ("3.1", FORM_BUILD_31)):
        client = Client(raise_request_exception=False, headers={"User-Agent": f"ShopApp/{build}"})
        response = client.post(LOGIN, json.dumps(form), content_type="application/json")
        access.info('"POST %s" %d "ShopApp/%s"', LOGIN, response.status_code, build)
        worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
