"""Devices that may fetch labels. They are no users of the database, they only have a key."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Device:
    name: str
    site: str
    is_authenticated: bool = True


KEYS = {
    "k-2f81": Device("packing-1", "Rostock"),
    "k-77a0": Device("packing-2", "Rostock"),
}


class DeviceMiddleware:
    """Takes the sender of a request from its key; requests without a key are left alone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        key = request.headers.get("X-Device-Key")
        if key is not None:
            request.user = KEYS.get(key)
        return self.get_response(request)
