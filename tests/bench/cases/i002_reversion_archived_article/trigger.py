"""Editorial desk: an editor looks through the old versions of an article."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "press_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)-7s %(asctime)s %(name)s | %(message)s",
)
import django

django.setup()
from django.core.management import call_command
from django.test import Client

access = logging.getLogger("desk.access")


def prepare():
    """What three days of work left in the database."""
    import reversion
    from django.contrib.auth import get_user_model
    from press.models import Article

    call_command("migrate", run_syncdb=True, verbosity=0)
    editor = get_user_model().objects.create_superuser("editor", "editor@press.example", "pw")
    with reversion.create_revision():
        article = Article.objects.create(title="Harbour festival", body="Taken over from the archive", archived=True)
        reversion.set_comment("imported")
    with reversion.create_revision():
        article.archived = False
        article.body = "The festival is back."
        article.save()
        reversion.set_comment("brought back")
    with reversion.create_revision():
        article.body = "The festival is back, with fireworks."
        article.save()
    return editor, article


def main():
    from reversion.models import Version

    editor, article = prepare()
    client = Client(raise_request_exception=False)
    client.force_login(editor)
    worst = 200
    for version in Version.objects.get_for_object(article):
        path = f"/desk/press/article/{article.pk}/history/{version.pk}/"
        status = client.get(path).status_code
        access.info('GET %s "%s" %d', path, editor.username, status)
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
