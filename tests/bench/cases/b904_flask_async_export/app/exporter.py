import asyncio

from flask import Flask, Response, jsonify, request, stream_with_context

app = Flask("exporter")
ORDERS = [(1, "Lima", 12), (2, "Oslo", 3), (3, "Lima", 7)]


async def load_orders(city):
    await asyncio.sleep(0)
    return [order for order in ORDERS if city in (None, order[1])]


@app.get("/orders")
async def orders():
    return jsonify(await load_orders(request.args.get("city")))


@app.get("/orders.csv")
async def orders_csv():
    rows = await load_orders(request.args.get("city"))

    @stream_with_context
    def lines():
        separator = request.args.get("separator", ",")
        yield separator.join(("id", "city", "count")) + "\n"
        for row in rows:
            yield separator.join(map(str, row)) + "\n"

    return Response(lines(), mimetype="text/csv")
