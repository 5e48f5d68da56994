"""Members' portal; everything but the login page is for members."""
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route

OPEN = {"/login"}


class MembersOnly:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        if request.url.path in OPEN or request.cookies.get("member"):
            await self.app(scope, receive, send)
            return
        login = request.url_for("login").include_query_params(next=request.url.path)
        await RedirectResponse(login, status_code=303)(scope, receive, send)


async def login(request):
    return PlainTextResponse("Who are you?")


async def invoices(request):
    return PlainTextResponse("No invoices this month.")


def create_app():
    return Starlette(
        routes=[Route("/login", login, name="login"), Route("/invoices", invoices, name="invoices")],
        middleware=[Middleware(MembersOnly)],
    )
