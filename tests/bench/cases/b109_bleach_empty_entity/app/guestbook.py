"""Guestbook: entries are cleaned and links in them made clickable before they are kept."""
import bleach
from flask import Flask, request

app = Flask(__name__)
entries = []


@app.post("/entries")
def add():
    text = bleach.clean(request.form["text"], tags=["a", "b", "i"], attributes={"a": ["href"]})
    entries.append(bleach.linkify(text))
    return {"number": len(entries)}, 201


@app.get("/entries")
def show():
    return {"entries": entries}
