"""Complaints to a city's office: a text, and a photo or a letter if there is one."""
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

complaints = []


async def complain(request):
    async with request.form() as form:
        text = form.get("text", "").strip()
        upload = form.get("attachment")
        if not text:
            return JSONResponse({"error": "say what is wrong"}, status_code=400)
        entry = {"number": len(complaints) + 1, "text": text, "attachment": None}
        if upload is not None and upload.filename:
            entry["attachment"] = {"name": upload.filename, "bytes": len(await upload.read())}
        complaints.append(entry)
    return JSONResponse({"number": entry["number"]}, status_code=201)


async def health(request):
    return JSONResponse({"complaints": len(complaints)})


app = Starlette(routes=[Route("/complaints", complain, methods=["POST"]), Route("/health", health)])
