"""Views of the clinic's site."""
import asyncio
import json

from django.http import JsonResponse
from django.views import View

DOCTORS = {3: {"name": "Dr. Amann", "free": ["09:15", "10:30"]}}


class Doctor(View):
    """Free slots; they come from a slow service, so the view is asynchronous."""

    async def get(self, request, number):
        await asyncio.sleep(0)
        doctor = DOCTORS.get(number)
        if doctor is None:
            return JsonResponse({"error": "no such doctor"}, status=404)
        return JsonResponse(doctor)


class Booking(View):
    def post(self, request):
        body = json.loads(request.body)
        return JsonResponse({"booked": body["slot"]}, status=201)
