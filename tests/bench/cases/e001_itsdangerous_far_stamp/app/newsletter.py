"""Unsubscribe links of a newsletter: the address is signed, so that nobody signs off somebody else."""
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

SECRET = "change-me-7c1d"
WEEK = 7 * 24 * 3600
links = URLSafeTimedSerializer(SECRET, salt="unsubscribe")
signed_off = set()
urls = Map([Rule("/unsubscribe/<token>", endpoint="unsubscribe"), Rule("/health", endpoint="health")])


def link_for(address):
    return "/unsubscribe/" + links.dumps(address)


def health(request):
    return Response("ok")


def unsubscribe(request, token):
    try:
        address = links.loads(token, max_age=4 * WEEK)
    except BadData:
        return Response("This link is not valid.\n", status=400)
    signed_off.add(address)
    return Response(f"{address} gets no more mail from us.\n")


@Request.application
def app(request):
    adapter = urls.bind_to_environ(request.environ)
    try:
        endpoint, values = adapter.match()
    except HTTPException as error:
        return error
    return {"health": health, "unsubscribe": unsubscribe}[endpoint](request, **values)
