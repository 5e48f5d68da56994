"""Catalogue of a library, an asynchronous Django site: a reader pages through the books."""
import asyncio
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "library_settings")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-7s %(name)s | %(message)s",
)
logging.getLogger("asyncio").setLevel(logging.WARNING)
import django

django.setup()
from django.core.management import call_command
from django.test import AsyncClient
from library.models import Book

access = logging.getLogger("uvicorn.access")


def fill():
    call_command("migrate", run_syncdb=True, verbosity=0)
    Book.objects.bulk_create(
        [
            Book(title="Momo", shelf="K1"),
            Book(title="Krabat", shelf="K1"),
            Book(title="Die Wand", shelf="R3"),
        ]
    )


async def visit():
    client = AsyncClient(raise_request_exception=False)
    worst = 200
    for path in ("/api/books/count", "/api/books?shelf=K1&page=1"):
        response = await client.get(path)
        access.info('10.2.0.8:51544 - "GET %s HTTP/1.1" %d', path, response.status_code)
        worst = max(worst, response.status_code)
    return worst


def main():
    fill()
    return asyncio.run(visit())


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
