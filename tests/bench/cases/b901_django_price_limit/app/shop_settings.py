import os

SECRET_KEY = "not-so-secret"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shop_urls"
INSTALLED_APPS = ["catalog"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("SHOP_DB", "shop.sqlite3")}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "[%(asctime)s] %(levelname)s %(name)s:%(lineno)d %(message)s"}},
    "handlers": {
        "file": {"class": "logging.FileHandler", "filename": os.environ.get("PROD_LOG", "prod.log"), "formatter": "line"}
    },
    "root": {"handlers": ["file"], "level": "INFO"},
}
