"""Databases in memory, which are empty in a test: the tables that the models describe are made before the request is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import REPOSITORY, failed

SHOP = '''"""Orders of a shop, in a database."""

from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Order(db.Model):
    """One order."""

    id = db.Column(db.Integer, primary_key=True)
    total = db.Column(db.Integer, nullable=False)


def create_app():
    """Return the application."""
    app = Flask("shop")
    app.config["SQLALCHEMY_DATABASE_URI"] = "@URL@"
    db.init_app(app)

    @app.get("/orders/mean")
    def mean():
        totals = [order.total for order in Order.query.filter(Order.total >= int(request.args["least"]))]
        return jsonify(mean=sum(totals) / len(totals))

    return app
'''
FIXED = ("/ len(totals)", "/ max(len(totals), 1)")

PRODUCTION = """
import logging, sys

sys.path.insert(0, CAPTURE)
import guwu.capture

guwu.capture.install("logs/guwu-failures.jsonl")
logging.basicConfig(filename="logs/app.log", level="INFO", format="%(asctime)s %(levelname)s %(name)s: %(message)s")

from shop.orders import Order, create_app, db

app = create_app()
with app.app_context():
    db.create_all()
    db.session.add(Order(total=7))
    db.session.commit()
client = app.test_client()
assert client.get("/orders/mean?least=5").status_code == 200
assert client.get("/orders/mean?least=50").status_code == 500
"""


@pytest.mark.parametrize("uri", ["sqlite://", "sqlite:///:memory:"])
def test_the_tables_of_a_database_in_memory_are_made(uri: str, tmp_path: Path) -> None:
    pytest.importorskip("flask_sqlalchemy")
    source = SHOP.replace("@URL@", uri)
    program = PRODUCTION.replace("CAPTURE", repr(str(REPOSITORY / "python" / "src")))
    shop = failed(tmp_path, "shop/orders.py", source, program)
    groups = shop.json("scan")["groups"]
    (candidate,) = [candidate for group in groups for candidate in group["candidates"]]
    assert (candidate["strategy"], candidate["tier"]) == ("request", "create"), candidate
    test = shop.root / "tests" / "test_found.py"
    test.write_text(candidate["content"])
    red = shop.pytest("tests/test_found.py")
    assert red.returncode == 1, red.stdout
    assert "ZeroDivisionError" in red.stdout
    (shop.root / "shop" / "orders.py").write_text(source.replace(*FIXED))
    green = shop.pytest("tests/test_found.py")
    assert green.returncode == 0, green.stdout


def test_a_database_of_its_own_is_left_alone(tmp_path: Path) -> None:
    """What a file holds is the project's: no table is made in it."""
    pytest.importorskip("flask_sqlalchemy")
    source = SHOP.replace("@URL@", f"sqlite:///{tmp_path}/shop.db")
    program = PRODUCTION.replace("CAPTURE", repr(str(REPOSITORY / "python" / "src")))
    shop = failed(tmp_path, "shop/orders.py", source, program)
    kept = (tmp_path / "shop.db").read_bytes()
    shop.json("scan")
    assert (tmp_path / "shop.db").read_bytes() == kept
