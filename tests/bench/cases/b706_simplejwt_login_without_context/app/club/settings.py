SECRET_KEY = "a-long-secret-that-is-used-on-this-host-only"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "club.urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
USE_TZ = True
