"""Readings of the meters of a house, behind HTTP basic authentication."""
from flask import Flask, jsonify
from flask_httpauth import HTTPBasicAuth

from .accounts import check

app = Flask("meters")
auth = HTTPBasicAuth(realm="meters")
READINGS = {"water": [812.4, 815.0], "power": [20144, 20391]}


@auth.verify_password
def verify(name, password):
    return name if check(name, password) else None


@app.get("/readings/<meter>")
@auth.login_required
def readings(meter):
    return jsonify(user=auth.current_user(), meter=meter, values=READINGS[meter])
