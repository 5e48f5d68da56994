from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Route

EXPORTS = Path("exports")


async def index(request):
    return JSONResponse(sorted(path.name for path in EXPORTS.glob("*.csv")))


async def download(request):
    path = EXPORTS / f"{request.path_params['month']}.csv"
    if not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type="text/csv", filename=path.name)


app = Starlette(routes=[Route("/exports", index), Route("/exports/{month}", download)])
