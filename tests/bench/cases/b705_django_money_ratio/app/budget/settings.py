SECRET_KEY = "only-for-this-host"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "budget.urls"
INSTALLED_APPS = ["djmoney"]
USE_I18N = False
USE_TZ = True
DEFAULT_CURRENCY = "EUR"
