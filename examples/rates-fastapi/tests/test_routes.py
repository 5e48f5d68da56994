CUSTOMER = {"number": "1", "tier": "business"}


def test_the_newest_rate(client):
    assert client.get("/rates/EURUSD").json()["rate"] == "1.08"
    assert client.get("/rates/EURXXX").status_code == 404


def test_the_rate_at_a_moment(client):
    assert client.get("/rates/EURUSD?at=2026-03-01T12:00:00Z").json()["rate"] == "1.08"
    assert client.get("/rates/EURUSD?at=2026-02-01T12:00:00Z").status_code == 404


def test_a_quote_less_the_margin(client):
    body = {"base": "EUR", "target": "USD", "amount": "100", "customer": CUSTOMER}
    assert client.post("/quotes", json=body).json()["result"] == "107.57"
    assert client.post("/quotes", json={**body, "amount": "0"}).status_code == 422


def test_feeding_a_rate(client, state):
    assert client.post("/feed/EURUSD", json={"at": "2026-03-02T08:00:00Z", "rate": "1.1"}).status_code == 202
    assert str(state.history.latest("EURUSD").rate) == "1.1"
    assert client.post("/alerts", json={"pair": "EURUSD", "above": "1.2"}).json() == {"waiting": 1}
