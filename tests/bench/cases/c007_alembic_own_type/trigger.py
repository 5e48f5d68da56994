"""Nightly check: does the database look as the code says? Sends what a migration would have to do."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s | %(levelname)s | %(name)s | %(message)s",
)
log = logging.getLogger("ledger.drift")

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

import ledger


def drift(connection):
    """The lines of Python that would bring the database up to date."""
    script = produce_migrations(MigrationContext.configure(connection), ledger.metadata)
    return render_python_code(script.upgrade_ops)


def main():
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        ledger.accounts.create(connection)
        log.info("checking %s", engine.url)
        for line in drift(connection).splitlines():
            log.info("missing: %s", line.strip())


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("drift check failed")
        sys.exit(1)
    log.info("drift check done")
