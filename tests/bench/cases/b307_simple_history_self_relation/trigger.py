"""Nightly job of a magazine: relates articles that readers opened one after the other."""
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "magazine_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s,%(levelname)s,%(name)s,%(message)s",
    datefmt="%Y-%m-%dT%H:%M:%S",
)
log = logging.getLogger("magazine.jobs")

import django

django.setup()
from django.core.management import call_command

from magazine import jobs

ARTICLES = [("harbour", ["sea"]), ("ferries", ["sea", "travel"]), ("bakeries", [])]
VISITS = [("harbour", "harbour"), ("bakeries", "harbour"), ("harbour", "ferries")]


def main():
    call_command("migrate", run_syncdb=True, verbosity=0)
    for slug, tags in ARTICLES:
        log.info("article %s has %d versions", slug, jobs.publish(slug, tags))
    log.info("%d relations", jobs.relate(VISITS))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("job relate failed")
        sys.exit(1)
    log.info("job relate done")
