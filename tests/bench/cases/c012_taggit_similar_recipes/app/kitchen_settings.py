SECRET_KEY = "kitchen"
INSTALLED_APPS = ["django.contrib.contenttypes", "taggit", "kitchen"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
