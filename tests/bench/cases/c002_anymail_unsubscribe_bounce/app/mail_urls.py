from django.urls import include, path

import mail_receivers  # noqa: F401

urlpatterns = [path("anymail/", include("anymail.urls"))]
