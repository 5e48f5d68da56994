"""Settings of the clinic's site."""
DEBUG = False
SECRET_KEY = "clinic-secret"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "clinic_urls"
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
LOGGING_CONFIG = None
