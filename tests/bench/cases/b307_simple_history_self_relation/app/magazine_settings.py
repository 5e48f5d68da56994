SECRET_KEY = "magazine-only"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "simple_history", "magazine"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
LOGGING = {"version": 1, "disable_existing_loggers": False}
