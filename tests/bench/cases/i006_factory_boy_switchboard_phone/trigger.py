"""Fills the database of a demo environment; started by the deployment."""
import logging
import os
import sqlite3
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s seed[%(levelname)s] %(message)s",
)
log = logging.getLogger("seed")

import factory.random

import demo_factories


def store(db, customers):
    db.executemany(
        "insert into customer (name, business, company, email, phone) values (?, ?, ?, ?, ?)",
        [(c.name, c.business, c.company, c.email, c.phone) for c in customers],
    )
    log.info("%d customers stored", len(customers))


def main():
    factory.random.reseed_random("demo")
    db = sqlite3.connect("demo.db")
    db.execute("create table customer (name, business, company, email, phone)")
    store(db, demo_factories.CustomerFactory.create_batch(3))
    store(db, demo_factories.PhoneCustomerFactory.create_batch(2, business=True, company="Demo GmbH"))
    db.commit()


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        log.error("seeding failed: %r", error, exc_info=True)
        sys.exit(1)
