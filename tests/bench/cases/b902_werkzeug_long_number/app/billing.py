from flask import Flask, abort, jsonify

app = Flask("billing")
INVOICES = {1041: {"customer": "Nordwind", "total": "310.50"}, 1042: {"customer": "Hafenbau", "total": "88.00"}}


@app.get("/invoices/<int:number>")
def invoice(number):
    if number not in INVOICES:
        abort(404)
    return jsonify(number=number, **INVOICES[number])


@app.errorhandler(404)
def not_found(error):
    return jsonify(error="no such invoice"), 404
