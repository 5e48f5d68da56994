"""Worker of a GraphQL service: makes the schemas of both versions of its interface when it boots."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] [%(process)d] [%(levelname)s] %(message)s",
    datefmt="%Y-%m-%d %H:%M:%S +0000",
)
log = logging.getLogger("gunicorn.error")

import interface

QUESTION = "{ articles(filter: {name: \"lamp\"}) { name price } }"


def boot(version):
    schema = interface.schema(version)
    log.info("Interface %s: %d types", version, len(schema.type_map))
    answer = interface.ask(schema, QUESTION)
    log.info("Interface %s: %d articles", version, len(answer["data"]["articles"]))


def main():
    log.info("Booting worker with pid: %d", os.getpid())
    for version in ("v1", "v2"):
        boot(version)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("Exception in worker process")
        sys.exit(1)
    log.info("Worker ready")
