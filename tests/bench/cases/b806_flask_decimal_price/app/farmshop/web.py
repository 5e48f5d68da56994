"""JSON interface of the farm shop for the till and for the app."""
from flask import Flask, abort, jsonify, request

from .stock import PRODUCTS, total


def create_app():
    app = Flask("farmshop")

    @app.get("/products")
    def products():
        return jsonify({number: product.name for number, product in PRODUCTS.items()})

    @app.get("/products/<int:number>/fresh")
    def fresh(number):
        if number not in PRODUCTS:
            abort(404)
        return jsonify(name=PRODUCTS[number].name, fresh_until=PRODUCTS[number].fresh_until)

    @app.post("/orders")
    def order():
        wanted = {int(number): int(amount) for number, amount in request.get_json().items()}
        if not wanted or any(number not in PRODUCTS for number in wanted):
            return jsonify(error="unknown product"), 422
        return jsonify(items=len(wanted), total=total(wanted)), 201

    return app
