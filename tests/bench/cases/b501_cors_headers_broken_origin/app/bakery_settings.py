SECRET_KEY = "bakery-only"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bakery.urls"
INSTALLED_APPS = ["corsheaders", "bakery"]
MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.common.CommonMiddleware",
]
CORS_ALLOWED_ORIGINS = ["https://shop.bakery.example", "https://kiosk.bakery.example"]
CORS_URLS_REGEX = r"^/api/.*$"
TIME_ZONE = "UTC"
USE_TZ = True
LOGGING = {"version": 1, "disable_existing_loggers": False, "loggers": {"django": {"propagate": True}}}
