from django.urls import path

from clinic_views import Booking, Doctor

urlpatterns = [
    path("doctors/<int:number>/", Doctor.as_view()),
    path("bookings/", Booking.as_view()),
]
