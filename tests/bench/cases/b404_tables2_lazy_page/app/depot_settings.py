SECRET_KEY = "depot-only"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "depot.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django_tables2", "depot"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
LOGGING = {"version": 1, "disable_existing_loggers": False, "loggers": {"django": {"propagate": True}}}
