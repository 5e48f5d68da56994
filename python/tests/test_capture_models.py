"""Rows: saved instances of models that the frames of a failure had, and what their database sessions had loaded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from capture_support import Lines, encode, logged

sqlalchemy = pytest.importorskip("sqlalchemy")
orm = pytest.importorskip("sqlalchemy.orm")

Base: Any = orm.declarative_base()


class Customer(Base):  # type: ignore[misc]
    """Somebody who buys."""

    __tablename__ = "customers"
    id = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)
    name = sqlalchemy.Column(sqlalchemy.String)
    password = sqlalchemy.Column(sqlalchemy.String)
    orders = orm.relationship("Order", back_populates="customer")


class Order(Base):  # type: ignore[misc]
    """What they bought."""

    __tablename__ = "orders"
    id = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)
    customer_id = sqlalchemy.Column(sqlalchemy.ForeignKey("customers.id"))
    customer = orm.relationship(Customer, back_populates="orders")


@pytest.fixture
def session() -> Any:
    """A session of a database with a customer who has two orders."""
    engine = sqlalchemy.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    statements: list[str] = []
    sqlalchemy.event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with orm.Session(engine) as made:
        made.add(Customer(id=7, name="Ann", password="hunter2", orders=[Order(id=1), Order(id=2)]))
        made.commit()
        made.info["statements"] = statements
        yield made


def _kept(row: Any) -> dict[str, Any]:
    return dict(row["attrs"])


def test_an_instance_is_its_columns_and_what_was_loaded_of_its_relationships(session: Any) -> None:
    order = session.get(Order, 2)
    assert order.customer.name == "Ann"
    assert len(order.customer.orders) == 2
    session.info["statements"].clear()
    node = encode(order)
    assert session.info["statements"] == [], "nothing is loaded"
    assert (node["kind"], node["saved"]) == ("sqlalchemy", True)
    customer = _kept(node)["customer"]
    assert _kept(customer)["name"] == "Ann"
    orders = _kept(customer)["orders"]
    assert orders["t"] == "list", "what SQLAlchemy keeps of a list is not written"
    assert {"t": "ref", "id": node["id"]} in orders["v"]
    assert "hunter2" not in json.dumps(node)
    assert encode(Order(id=3))["saved"] is False


def test_rows_are_those_of_variables_and_of_the_sessions_that_they_lead_to(session: Any, lines: Lines) -> None:
    def handle(number: int) -> None:
        customer = session.get(Customer, number)
        assert customer is not None
        assert session.get(Order, 2) is not None
        raise LookupError(number)

    # Only the variable of the test's own frame keeps it in the session.
    kept = session.get(Order, 2)
    session.info["statements"].clear()
    logged(lambda: handle(7))
    rows = {(row["class"].rpartition(":")[2], _kept(row)["id"]) for row in lines.one()["captured"]["rows"]}
    assert rows == {("Customer", 7), ("Order", 2)}
    assert "hunter2" not in lines.text
    assert kept.id == 2


def test_what_is_not_in_the_database_is_no_row(session: Any, lines: Lines) -> None:
    def handle() -> None:
        order = Order(id=9)
        gone = session.get(Customer, 7)
        session.rollback()
        raise LookupError(order, gone)

    logged(handle)
    assert "rows" not in lines.one()["captured"]


def test_a_list_of_rows_is_looked_into(session: Any, lines: Lines) -> None:
    def handle(least: int) -> None:
        orders = session.query(Order).filter(Order.id >= least).all()
        session.expunge_all()
        raise LookupError(len(orders))

    logged(lambda: handle(1))
    rows = lines.one()["captured"]["rows"]
    assert sorted(_kept(row)["id"] for row in rows) == [1, 2]
