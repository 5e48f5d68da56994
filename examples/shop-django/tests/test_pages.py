import json


def test_a_customer(client, order):
    page = client.get(f"/customers/{order.customer.pk}/").json()
    assert page["orders"] == 1
    assert page["latest"]["number"] == order.pk
    assert client.get("/customers/99/").status_code == 404


def test_the_list_of_orders(client, order, voucher):
    assert client.get("/orders/?status=open").json()["orders"][0]["voucher"] == "none"
    order.voucher = voucher
    order.save()
    assert client.get("/orders/").json()["orders"][0]["voucher"] == "TEN (-10.0 %)"
    assert client.get("/orders/?status=sent").json() == {"orders": []}


def test_the_marketplace_is_answered(client, product, payload):
    answer = client.post("/orders/new", json.dumps(payload), content_type="application/json")
    assert answer.status_code == 201
    payload["items"] = []
    assert client.post("/orders/new", json.dumps(payload), content_type="application/json").status_code == 400
