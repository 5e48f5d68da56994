"""Newsletter behind a server: the shop's own form and a partner's old system send subscriptions."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-8s %(name)s %(message)s",
)
import newsletter

access = logging.getLogger("gunicorn.access")
PATH = "/api/subscriptions"
BODIES = [
    '{"email": "ines@example.org", "name": "Ines", "topics": ["garden"]}'.encode(),
    '{"email": "tom at example.org"}'.encode(),
    '{"email": "k.groß@example.org", "name": "Käthe Groß", "topics": ["offers"]}'.encode(),
    '{"email": "juergen@example.org", "name": "Jürgen"}'.encode("latin-1"),
    '{"email": "mia@example.org", "topics": ["kitchen", "offers"]}'.encode(),
]


def main():
    client = newsletter.app.test_client()
    worst = 200
    for body in BODIES:
        status = client.post(PATH, data=body, content_type="application/json").status_code
        access.info('10.0.3.17 - - "POST %s HTTP/1.1" %d %d', PATH, status, len(body))
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
