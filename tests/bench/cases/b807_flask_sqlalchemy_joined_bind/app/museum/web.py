from flask import Flask, abort, jsonify, request

from .models import Item, Painting, Visitor, db


def create_app():
    app = Flask("museum")
    app.config["SQLALCHEMY_BINDS"] = {"inventory": "sqlite://", "visitors": "sqlite://"}
    db.init_app(app)

    @app.post("/visitors")
    def register():
        visitor = Visitor(name=request.get_json()["name"])
        db.session.add(visitor)
        db.session.commit()
        return jsonify(id=visitor.id), 201

    @app.get("/items")
    def items():
        found = Item.query.order_by(Item.title).all()
        return jsonify([item.title for item in found])

    @app.get("/paintings")
    def paintings():
        query = Painting.query.order_by(Painting.title)
        if "painter" in request.args:
            query = query.filter_by(painter=request.args["painter"])
        return jsonify([{"title": painting.title, "painter": painting.painter} for painting in query])

    @app.get("/items/<int:number>")
    def item(number):
        found = db.session.get(Item, number)
        if found is None:
            abort(404)
        return jsonify(title=found.title, kind=found.kind)

    return app
