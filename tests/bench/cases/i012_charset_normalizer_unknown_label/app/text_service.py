"""Service that turns uploaded text files into UTF-8."""
from charset_normalizer import from_bytes
from flask import Flask, request

app = Flask("text_service")


@app.post("/convert")
def convert():
    candidates = from_bytes(request.get_data())
    try:
        match = candidates[request.mimetype_params["charset"]]
    except KeyError:  # nothing said, or the file is something else
        match = candidates.best()
    if match is None:
        return {"error": "this is no text"}, 415
    return {"encoding": match.encoding, "text": str(match)}
