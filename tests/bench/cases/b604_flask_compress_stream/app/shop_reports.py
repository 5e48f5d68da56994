"""Reports of a web shop; the long ones are streamed."""
import csv
import io

from flask import Flask, Response, jsonify, request
from flask_compress import Compress

compress = Compress()

ORDERS = [(number, f"customer-{number % 37:03d}", round(12.5 + number * 0.37, 2)) for number in range(1, 1501)]


def lines(rows):
    for row in rows:
        buffer = io.StringIO()
        csv.writer(buffer).writerow(row)
        yield buffer.getvalue()


def create_app():
    app = Flask(__name__)
    app.config["COMPRESS_MIMETYPES"] = ["application/json", "text/csv", "text/html"]
    compress.init_app(app)

    @app.get("/reports/summary")
    def summary():
        return jsonify(orders=len(ORDERS), total=round(sum(order[2] for order in ORDERS), 2))

    @app.post("/reports/orders.csv")
    def orders():
        """Orders from a total on; POST, as the form of the page has more fields than a link should."""
        smallest = request.form.get("smallest", 0, type=float)
        chosen = (order for order in ORDERS if order[2] >= smallest)
        return Response(lines(chosen), mimetype="text/csv")

    return app
