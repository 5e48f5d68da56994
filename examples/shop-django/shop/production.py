"""Settings in production: those of development, a log, and what Gu Wu needs."""

from shop.settings import *  # noqa: F403
from shop.settings import BASE_DIR, MIDDLEWARE

MIDDLEWARE = [*MIDDLEWARE, "guwu.capture.django.CaptureMiddleware"]
LOG_FILE = BASE_DIR / "app" / "logs" / "shop.log"
LOG_FILE.parent.mkdir(parents=True, exist_ok=True)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s - %(name)s - %(levelname)s - %(message)s"}},
    "handlers": {
        "file": {"class": "logging.FileHandler", "filename": LOG_FILE, "formatter": "line", "encoding": "utf-8"}
    },
    "root": {"handlers": ["file"], "level": "INFO"},
}
