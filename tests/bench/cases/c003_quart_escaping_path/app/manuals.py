"""Web shop for manuals: every product has a folder with its papers."""
from quart import Quart, jsonify, send_from_directory

app = Quart("manuals")
app.config["PAPERS"] = "papers"


@app.get("/health")
async def health():
    return jsonify(up=True)


@app.get("/papers/<path:name>")
async def paper(name):
    return await send_from_directory(app.config["PAPERS"], name)
