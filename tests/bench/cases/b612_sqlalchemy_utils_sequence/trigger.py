"""Order desk of a bicycle shop: orders get their defaults at once, as the receipt is printed before the flush.

Logs JSON lines; what goes to standard error ends in the same file, as in a container.
"""
import datetime
import json
import logging
import os
import sys


class JsonFormatter(logging.Formatter):
    def format(self, record):
        time = datetime.datetime.fromtimestamp(record.created, datetime.timezone.utc)
        entry = {
            "time": time.isoformat(timespec="milliseconds"),
            "severity": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "pid": record.process,
        }
        return json.dumps(entry)


handler = logging.FileHandler(os.environ.get("PROD_LOG", "prod.log"))
handler.setFormatter(JsonFormatter())
logging.getLogger().addHandler(handler)
logging.getLogger().setLevel(logging.INFO)
log = logging.getLogger("orderdesk")

import sqlalchemy as sa
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy_utils import force_instant_defaults

force_instant_defaults()
Base = declarative_base()


class Customer(Base):
    __tablename__ = "customer"

    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(80))
    language = sa.Column(sa.String(2), default="de")


class Order(Base):
    __tablename__ = "order"

    id = sa.Column(sa.Integer, primary_key=True)
    number = sa.Column(sa.Integer, sa.Sequence("order_number", start=5000))
    state = sa.Column(sa.String(10), default="new")
    customer_id = sa.Column(sa.ForeignKey("customer.id"))


def receipt(order, customer):
    log.info("receipt for %s (%s): order is %s", customer.name, customer.language, order.state)


def main():
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for name in ("Ina Kruse", "Tom Wolff"):
            customer = Customer(name=name)
            session.add(customer)
            session.flush()
            log.info("customer %d: %s", customer.id, customer.name)
            order = Order(customer_id=customer.id)
            receipt(order, customer)
            session.add(order)
        session.commit()


if __name__ == "__main__":
    sys.stderr = handler.stream
    main()
    log.info("till closed")
