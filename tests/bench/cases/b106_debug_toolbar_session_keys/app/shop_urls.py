from django.http import HttpResponse
from django.urls import include, path

PAGE = "<html><head><title>basket</title></head><body><p>{} articles</p></body></html>"


def catalogue(request):
    return HttpResponse(PAGE.format(120))


def add_to_basket(request, article, count):
    """The session holds the currency and the number of each article."""
    request.session["currency"] = "EUR"
    request.session[article] = request.session.get(article, 0) + count
    return HttpResponse(PAGE.format(count))


urlpatterns = [
    path("catalogue/", catalogue),
    path("basket/<int:article>/<int:count>/", add_to_basket),
    path("__debug__/", include("debug_toolbar.urls")),
]
