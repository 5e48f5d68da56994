"""Billing API whose invoice numbers come from the URL."""
import logging
import logging.config
import os
import sys

logging.config.dictConfig(
    {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"default": {"format": "[%(asctime)s] %(levelname)s in %(name)s: %(message)s"}},
        "handlers": {
            "file": {
                "class": "logging.FileHandler",
                "filename": os.environ.get("PROD_LOG", "prod.log"),
                "formatter": "default",
            }
        },
        "root": {"level": "INFO", "handlers": ["file"]},
    }
)

from billing import app

access = logging.getLogger("access")


def main():
    client = app.test_client()
    worst = 200
    for path in ("/invoices/1041", "/invoices/7", "/invoices/" + "31337" * 900):
        response = client.get(path)
        shown = path if len(path) < 60 else path[:57] + "..."
        access.info('192.0.2.61 "GET %s" %d', shown, response.status_code)
        worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
