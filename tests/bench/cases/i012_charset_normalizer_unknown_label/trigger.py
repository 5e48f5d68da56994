"""Text service: clients send files with all sorts of charset labels."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s %(message)s",
)
logging.getLogger("charset_normalizer").setLevel(logging.ERROR)
access = logging.getLogger("gunicorn.access")

import text_service

UPLOADS = [
    ("text/plain; charset=utf-8", "Größe und Gewicht der Pakete stehen auf der Rückseite.".encode("utf-8")),
    ("text/plain", "Größe und Gewicht der Pakete stehen auf der Rückseite.".encode("utf-8")),
    ("text/plain; charset=unknown-8bit", "Größe und Gewicht der Pakete stehen auf der Rückseite.".encode("cp1252")),
]


def main():
    client = text_service.app.test_client()
    worst = 200
    for content_type, body in UPLOADS:
        response = client.post("/convert", data=body, content_type=content_type)
        access.info('"POST /convert" %d "%s"', response.status_code, content_type)
        worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
