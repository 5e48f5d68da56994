"""Login server: staff sign in to the shop and to the wiki, whose client asks for a German page."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "login_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] [%(process)d] [%(levelname)s] %(name)s: %(message)s",
)
import django

django.setup()
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from oauth2_provider.models import get_application_model

access = logging.getLogger("gunicorn.access")


def prepare():
    call_command("migrate", verbosity=0)
    user = get_user_model().objects.create_user("ines", "ines@example.org", "secret")
    for name in ("shop", "wiki"):
        get_application_model().objects.create(
            name=name,
            client_id=name,
            redirect_uris=f"https://{name}.example.org/signed-in",
            client_type="confidential",
            authorization_grant_type="authorization-code",
            algorithm="RS256",
            skip_authorization=True,
        )
    return user


def sign_in(client, name, **more):
    query = {
        "client_id": name,
        "response_type": "code",
        "redirect_uri": f"https://{name}.example.org/signed-in",
        "scope": "openid email",
        "state": "af0ifjsldkj",
        **more,
    }
    answer = client.get("/o/authorize/", query)
    access.info('10.0.3.11 - "GET /o/authorize/?client_id=%s HTTP/1.1" %d', name, answer.status_code)
    return answer.status_code


def main():
    client = Client(raise_request_exception=False)
    client.force_login(prepare())
    return max(sign_in(client, "shop"), sign_in(client, "wiki", ui_locales="de-CH de"))


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
