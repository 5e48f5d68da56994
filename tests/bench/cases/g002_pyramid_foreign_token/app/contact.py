"""Contact form of a shop."""
from pyramid.config import Configurator
from pyramid.csrf import CookieCSRFStoragePolicy
from pyramid.response import Response


def send(request):
    return Response("thank you, %s" % request.POST.get("name", "you"))


def form(request):
    return Response('<form method="post"><input type="hidden" name="csrf_token" value="..."></form>')


def make_app():
    config = Configurator()
    config.set_csrf_storage_policy(CookieCSRFStoragePolicy())
    config.set_default_csrf_options(require_csrf=True, check_origin=False)
    config.add_route("contact", "/contact")
    config.add_view(form, route_name="contact", request_method="GET")
    config.add_view(send, route_name="contact", request_method="POST")
    return config.make_wsgi_app()
