"""Invoice service: says at its start what state the export is in, then writes what was ordered at night."""
import json
import logging
import os
import sys
from pathlib import Path


class JsonLines(logging.Formatter):
    def format(self, record):
        line = json.dumps({"lvl": record.levelname.lower(), "log": record.name, "msg": record.getMessage()})
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


handler = logging.FileHandler(os.environ.get("PROD_LOG", "prod.log"), encoding="utf-8")
handler.setFormatter(JsonLines())
logging.basicConfig(handlers=[handler], level=logging.INFO)
log = logging.getLogger("invoices")

import anyio
import exporting

ORDERED = {"2024-04": {"R-1041": 118.0, "R-1042": 64.5}, "2024-05": {"R-1043": 240.0}}


async def work_off(exporter):
    async with anyio.create_task_group() as tasks:
        for month, invoices in ORDERED.items():
            tasks.start_soon(exporter.export, month, invoices)


def main():
    folder = Path("exports")
    folder.mkdir()
    exporter = exporting.Exporter(folder)
    log.info("start, export %s", exporter.status())
    anyio.run(work_off, exporter)
    log.info("%s", ", ".join(sorted(path.name for path in folder.iterdir())))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("service ends")
        sys.exit(1)
