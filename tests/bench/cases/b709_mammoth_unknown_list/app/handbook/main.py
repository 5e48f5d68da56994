"""Upload service of the handbook: authors send Word documents, readers get HTML."""
import logging

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from .convert import to_html

log = logging.getLogger("handbook.upload")
app = FastAPI(title="Handbook")
pages = {}


@app.get("/pages")
async def index() -> dict[str, int]:
    return {name: len(html) for name, html in pages.items()}


@app.put("/pages/{name}")
async def upload(name: str, request: Request):
    data = await request.body()
    try:
        html, warnings = to_html(data)
    except Exception:
        log.exception("page %s: %d bytes not converted", name, len(data))
        return JSONResponse({"detail": "The document could not be converted."}, status_code=500)
    pages[name] = html
    return {"name": name, "length": len(html), "warnings": warnings}
