"""Subscriptions to the newsletter of a shop, as its forms and those of its partners send them."""
from flask import Flask, jsonify
from webargs import fields, validate
from webargs.flaskparser import use_args

app = Flask(__name__)
subscribers = {}

SUBSCRIPTION = {
    "email": fields.Email(required=True),
    "name": fields.Str(missing=""),
    "topics": fields.List(fields.Str(validate=validate.OneOf(["garden", "kitchen", "offers"])), missing=list),
}


@app.errorhandler(400)
@app.errorhandler(422)
def refused(error):
    messages = getattr(error, "data", {}).get("messages", {})
    return jsonify(errors=messages), error.code


@app.post("/api/subscriptions")
@use_args(SUBSCRIPTION, locations=("json",))
def subscribe(subscription):
    subscribers[subscription["email"]] = subscription
    return jsonify(subscribed=len(subscribers)), 201
