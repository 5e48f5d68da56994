"""REST API of the rates."""
from flask import Flask
from flask_restx import Api, Resource, fields

from . import store

app = Flask("rates")
app.config["ERROR_404_HELP"] = False
api = Api(app, title="Rates", doc=False)
sheet = api.model("Sheet", {"*": fields.Wildcard(fields.Float(description="how much of it one gets for a euro"))})


@api.route("/rates/<day>")
class Rates(Resource):
    @api.marshal_with(sheet)
    def get(self, day):
        rates = store.on(day)
        if rates is None:
            api.abort(404, "no rates on that day")
        return rates


@api.route("/days")
class Days(Resource):
    def get(self):
        return sorted(store.FEED)
