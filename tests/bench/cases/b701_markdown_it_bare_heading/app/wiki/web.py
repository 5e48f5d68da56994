"""The wiki of a small office: pages are previewed while they are written."""
import logging

from flask import Flask, jsonify, request

from .render import headings, to_html

log = logging.getLogger("wiki.web")
app = Flask("wiki")


@app.post("/preview")
def preview():
    text = request.get_json()["text"]
    try:
        html = to_html(text)
    except Exception:
        log.exception("preview failed user=%s length=%d", request.headers.get("X-User", "-"), len(text))
        return jsonify(error="preview not available"), 500
    return jsonify(html=html, contents=headings(text))
