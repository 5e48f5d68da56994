"""Query console: pretty-prints what analysts type before it is stored in the audit trail."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-8s [%(name)s] %(message)s",
)
log = logging.getLogger("console.audit")

import sqlparse

HISTORY = [
    ("mlange", "select id, name from customer where city = 'Kiel' order by name"),
    ("mlange", "select count(*) from orders group by country having count(*) > 10"),
    ("tberg", "select customer, total from orders where region in ( as ) and total > 100"),
    ("tberg", "select customer, total from orders where region in ('north') and total > 100"),
]


def store(user, statement):
    pretty = sqlparse.format(statement, reindent=True, keyword_case="upper")
    log.info("user=%s lines=%d stored", user, len(pretty.splitlines()))


def main():
    log.info("replaying %d statements", len(HISTORY))
    for user, statement in HISTORY:
        store(user, statement)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("statement not stored")
        sys.exit(1)
    log.info("done")
