"""Receives the monthly photographs of gas meters."""
import logging

from aiohttp import web

log = logging.getLogger("meter.api")


async def health(request):
    return web.json_response({"status": "ok"})


async def reading(request):
    """Takes the form part by part: the photographs are not kept in memory."""
    reader = await request.multipart()
    fields, size = {}, 0
    while (part := await reader.next()) is not None:
        if part.name is None:
            raise web.HTTPBadRequest(text="a part of the form has no name")
        if part.name == "photo":
            while chunk := await part.read_chunk():
                size += len(chunk)
        else:
            fields[part.name] = await part.text()
    log.info("meter=%s reading=%s photo=%d bytes", fields.get("meter"), fields.get("reading"), size)
    return web.json_response({"meter": fields.get("meter"), "photo": size}, status=201)


def make_app():
    app = web.Application(client_max_size=4 * 1024**2)
    app.router.add_get("/health", health)
    app.router.add_post("/v1/readings", reading)
    return app
