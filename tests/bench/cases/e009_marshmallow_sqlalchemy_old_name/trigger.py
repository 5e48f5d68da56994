"""Nightly export of a customer database to the data warehouse."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format='time="%(asctime)s" level=%(levelname)s job=%(name)s msg="%(message)s"',
)
log = logging.getLogger("crm-export")

import json
from datetime import date

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from crm import Base, Customer, Visit
from export import export


def open_database():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    session = Session(engine)
    session.add(Customer(id=1, name="Ada Byron", email="ada@example.org", visits=[Visit(day=date(2024, 5, 2)), Visit(day=date(2024, 6, 11))]))
    session.add(Customer(id=2, name="Bob Noyce"))
    session.commit()
    return session


def main():
    session = open_database()
    for model in (Visit, Customer):
        rows = export(session, model)
        log.info("table %s, %d rows, %d bytes", model.__tablename__, len(rows), len(json.dumps(rows)))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("export stopped")
        sys.exit(1)
    log.info("export done")
