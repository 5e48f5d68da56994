"""Magazine: works out the 'you may also like' box of every recipe."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kitchen_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname).1s %(name)s  %(message)s",
)
import django

django.setup()
from django.core.management import call_command
from django.db import connection

from kitchen.models import Page, Recipe, RecipeTag

log = logging.getLogger("kitchen.boxes")


def prepare():
    call_command("migrate", verbosity=0)
    if Page._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            for model in (Page, Recipe, RecipeTag):
                editor.create_model(model)
    for title, minutes, tags in (
        ("Bread", 180, ["baking"]),
        ("Lentil soup", 40, ["soup", "vegan", "winter"]),
        ("Minestrone", 55, ["soup", "vegan"]),
    ):
        Recipe.objects.create(title=title, minutes=minutes).tags.add(*tags)


def fill_box(recipe):
    try:
        similar = recipe.tags.similar_objects()
    except Exception:
        log.exception("no box for recipe %r", recipe.title)
        return False
    log.info("%s: %s", recipe.title, ", ".join(other.title for other in similar) or "-")
    return True


def main():
    prepare()
    return all([fill_box(recipe) for recipe in Recipe.objects.order_by("pk")])


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
