"""Posters of a cinema: a list of films, and a small picture of each."""
from datetime import datetime, timezone
from io import BytesIO

from flask import Flask, abort, jsonify, send_file

app = Flask(__name__)
SHOWN = datetime(2026, 10, 2, 9, 30, tzinfo=timezone.utc)
FILMS = {
    "nightferry": ("Night Ferry", b"\x89PNG\r\n\x1a\nferry"),
    "lastcall": ("Last Call", b"\x89PNG\r\n\x1a\ncall"),
}


@app.get("/films")
def films():
    return jsonify([{"id": key, "title": title} for key, (title, _) in FILMS.items()])


@app.get("/films/<key>/poster.png")
def poster(key):
    if key not in FILMS:
        abort(404)
    picture = BytesIO(FILMS[key][1])
    return send_file(picture, mimetype="image/png", last_modified=SHOWN, etag=f"poster-{key}", max_age=3600)
