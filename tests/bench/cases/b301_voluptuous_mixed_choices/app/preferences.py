"""How customers want to be told about their deliveries."""
from flask import Flask, request
from voluptuous import All, In, Invalid, Length, Optional, Required, Schema

app = Flask(__name__)
CHANNELS = ["mail", "sms", "app", None]  # None: not at all

SCHEMA = Schema({
    Required("channel"): In(CHANNELS),
    Optional("language", default="en"): All(str, Length(min=2, max=2)),
})
stored = {}


def checked(body):
    return SCHEMA(body or {})


@app.put("/customers/<int:customer>/preferences")
def save(customer):
    try:
        stored[customer] = checked(request.get_json())
    except Invalid as error:
        return {"error": str(error)}, 400
    return stored[customer]
