from django.urls import path
from django_otp.admin import OTPAdminSite

site = OTPAdminSite()
urlpatterns = [path("backoffice/", site.urls)]
