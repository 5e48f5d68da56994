"""Quote of the day; how often it may be asked for is a matter of the environment."""
from slowapi import Limiter, _rate_limit_exceeded_handler
from slowapi.errors import RateLimitExceeded
from slowapi.util import get_remote_address
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route


def make_app():
    limiter = Limiter(key_func=get_remote_address)

    @limiter.limit("5/minute")
    async def quote(request):
        return JSONResponse({"quote": "Less is more", "lang": request.query_params.get("lang", "en")})

    async def health(request):
        return PlainTextResponse("fine")

    app = Starlette(routes=[Route("/quote", quote), Route("/health", health)])
    app.state.limiter = limiter
    app.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)
    return app
