"""Nightly dunning letters: a worker loads the customers whose invoices are overdue, with all long texts."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s: %(levelname)s/ForkPoolWorker-2] %(message)s",
)
log = logging.getLogger("celery.app.trace")

import datetime

from sqlalchemy import ForeignKey, Text, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload, undefer_group


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    address: Mapped[str] = mapped_column(Text, deferred=True, deferred_group="letter")
    salutation: Mapped[str] = mapped_column(Text, deferred=True, deferred_group="letter")
    invoices: Mapped[list["Invoice"]] = relationship(back_populates="customer", order_by="Invoice.due")


class Invoice(Base):
    __tablename__ = "invoice"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    due: Mapped[datetime.date]
    cents: Mapped[int]
    customer: Mapped[Customer] = relationship(back_populates="invoices")


def fill(session):
    for number, name in enumerate(("Petersen & Sons", "Café Anna", "Radwerk"), 1):
        invoices = [Invoice(due=datetime.date(2026, 8, number + day), cents=4900 * number) for day in (1, 8)]
        session.add(Customer(name=name, address=f"{name}\nHarbour {number}", salutation="Dear", invoices=invoices))
    session.commit()


def count_overdue(session, today):
    """Only names and sums: the letters' texts are not needed."""
    query = select(Customer).options(selectinload(Customer.invoices)).order_by(Customer.name)
    return sum(invoice.due < today for customer in session.scalars(query) for invoice in customer.invoices)


def write_letters(session, today):
    query = (
        select(Customer)
        .where(Customer.invoices.any(Invoice.due < today))
        .options(undefer_group("letter"), selectinload(Customer.invoices))
        .order_by(Customer.name)
    )
    letters = []
    for customer in session.scalars(query):
        overdue = [invoice for invoice in customer.invoices if invoice.due < today]
        total = sum(invoice.cents for invoice in overdue) / 100
        letters.append(f"{customer.address}\n\n{customer.salutation} {customer.name}, {total:.2f} EUR are overdue.")
    return letters


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    today = datetime.date(2026, 9, 1)
    with Session(engine) as session:
        fill(session)
    with Session(engine) as session:
        log.info("Task dunning.count_overdue[5d0c7a1e] succeeded in 0.02s: %d", count_overdue(session, today))
    with Session(engine) as session:
        letters = write_letters(session, today)
    log.info("Task dunning.write_letters[a64b0f93] succeeded in 0.03s: %d", len(letters))


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        log.error("Task dunning.write_letters[a64b0f93] raised unexpected: %r", error, exc_info=True)
        sys.exit(1)
