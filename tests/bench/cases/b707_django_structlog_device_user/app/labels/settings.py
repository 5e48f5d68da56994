import structlog

SECRET_KEY = "used-for-nothing-here"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "labels.urls"
MIDDLEWARE = [
    "labels.devices.DeviceMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
]
INSTALLED_APPS = []
USE_TZ = True

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.KeyValueRenderer(key_order=["event", "request_id"]),
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
