"""Nightly load: the branches' till files become one table. Started by a scheduler, level and task in each line."""
import logging
import os
import sys
import tempfile
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] {%(module)s.py:%(lineno)d} %(levelname)s - %(message)s",
)
log = logging.getLogger("etl.tills")

import petl as etl

TILLS = {
    "branch-01.csv": "receipt,article,cents\n1001,bread,340\n1002,rolls,180\n1003,cake,1250\n",
    "branch-02.csv": "receipt,article,cents\n2001,bread,340\n2002,coffee,290\n",
    "branch-03.csv": "",  # closed for stocktaking: the till has written nothing
    "branch-04.csv": "receipt,article,cents\n4001,coffee,290\n",
}


def load(source, target):
    rows = etl.log_progress(etl.fromcsv(str(source)), 1000, prefix=f"{source.name}: ", logger=log)
    etl.tocsv(rows, str(target))
    log.info("%s: %d lines written", source.name, len(target.read_text().splitlines()))


def main():
    with tempfile.TemporaryDirectory() as name:
        inbox, stage = Path(name, "inbox"), Path(name, "stage")
        inbox.mkdir()
        stage.mkdir()
        for file, text in TILLS.items():
            (inbox / file).write_text(text)
        for source in sorted(inbox.iterdir()):
            load(source, stage / source.name)


if __name__ == "__main__":
    log.info("Executing task load_tills, run 2026-11-26")
    try:
        main()
    except Exception:
        log.error("Task failed with exception", exc_info=True)
        sys.exit(1)
    log.info("Marking task as SUCCESS. dag_id=tills, task_id=load_tills")
