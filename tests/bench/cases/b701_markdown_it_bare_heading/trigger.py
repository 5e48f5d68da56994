"""The editor asks for a preview whenever the user stops typing for a moment."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s in %(name)s: %(message)s",
)
log = logging.getLogger("wiki.access")

from wiki.web import app

DRAFTS = [
    "# Holidays 2021\n\nPlease enter yours until **Friday**.\n",
    "# Holidays 2021\n\nPlease enter yours until **Friday**.\n\n## Who is in\n\n- Jana\n- Olaf\n",
    "# Holidays 2021\n\nPlease enter yours until **Friday**.\n\n## Who is in\n\n- Jana\n- Olaf\n\n##",
    "# Holidays 2021\n\nPlease enter yours until **Friday**.\n\n## Who is in\n\n- Jana\n- Olaf\n\n## Who is out\n",
]


def main():
    client = app.test_client()
    failed = 0
    for text in DRAFTS:
        response = client.post("/preview", json={"text": text}, headers={"X-User": "jana"})
        log.info('"POST /preview" %d %d', response.status_code, len(response.data))
        failed += response.status_code >= 500
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
