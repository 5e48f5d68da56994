"""Device register: a form is filled from the device and validated before it is shown or saved."""
import uuid

from flask import Flask, abort, request
from wtforms import Form, StringField, validators

app = Flask(__name__)
REGISTER = {
    "pump": {"name": "pump", "serial": "6f1c3f58-0a64-4d4e-9f2b-2f8ab3c0b1aa"},
    "valve": {"name": "valve", "serial": uuid.UUID("0d6f7e0c-68c2-4b83-8a7c-6f25f0d1cf11")},
}


class DeviceForm(Form):
    name = StringField(validators=[validators.InputRequired(), validators.Length(max=20)])
    serial = StringField(validators=[validators.DataRequired(), validators.UUID()])


@app.post("/devices")
def add():
    form = DeviceForm(request.form)
    if not form.validate():
        return {"errors": form.errors}, 400
    REGISTER[form.name.data] = form.data
    return form.data, 201


@app.get("/devices/<name>/check")
def check(name):
    form = DeviceForm(data=REGISTER.get(name) or abort(404))
    form.name.validators = []
    return {"valid": form.validate()}
