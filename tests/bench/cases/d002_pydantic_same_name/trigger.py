"""Deployment step that publishes the schema of every topic to the registry's folder."""
import json
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-7s [%(name)s] %(message)s",
)
log = logging.getLogger("registry.publish")

from pydantic.schema import schema

import contracts


def publish(topic, models, folder):
    document = schema(models, title=topic, ref_prefix="#/definitions/")
    path = folder / f"{topic}.json"
    path.write_text(json.dumps(document, indent=1))
    return len(document["definitions"])


def main():
    folder = Path("registry")
    folder.mkdir(exist_ok=True)
    for topic, models in contracts.TOPICS.items():
        log.info("topic %s: %s", topic, ", ".join(model.__name__ for model in models))
        log.info("topic %s: %d definitions published", topic, publish(topic, models, folder))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("publishing failed, deployment stopped")
        sys.exit(1)
