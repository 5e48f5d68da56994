"""Writes the OpenAPI description of a service when it starts."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] [%(process)d] [%(levelname)s] %(message)s",
)
log = logging.getLogger("catalogue")

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

import catalogue


def describe(schemas):
    spec = APISpec("Catalogue", "2.3.0", "3.0.2", plugins=[MarshmallowPlugin()])
    for schema in schemas:
        spec.components.schema(schema.__name__, schema=schema)
    return spec.to_dict()


def main():
    log.info("Starting catalogue")
    for schemas in ([catalogue.Article], [catalogue.Article, catalogue.ImportedArticle]):
        log.info("description of %d schemas", len(describe(schemas)["components"]["schemas"]))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("Exception in worker process")
        sys.exit(1)
    log.info("Listening")
