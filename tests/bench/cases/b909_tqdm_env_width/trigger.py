"""Backup agent; its progress bars go to a file that the dashboard shows."""
import hashlib
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname).1s backup[204]: %(message)s",
)
log = logging.getLogger("backup")

from tqdm import tqdm


def report_uncaught(kind, error, traceback):
    log.error("uncaught exception, giving up", exc_info=(kind, error, traceback))


def backup(files, progress):
    total = sum(path.stat().st_size for path in files)
    digests = {}
    with tqdm(total=total, unit="B", unit_scale=True, desc="backup", file=progress) as bar:
        for path in files:
            data = path.read_bytes()
            digests[path.name] = hashlib.sha256(data).hexdigest()
            bar.update(len(data))
    return digests


def main():
    source = Path("data")
    source.mkdir(exist_ok=True)
    for name, size in (("orders.db", 4096), ("users.db", 1024)):
        (source / name).write_bytes(b"x" * size)
    log.info("backup of %s starts", source)
    with open("progress.txt", "w", encoding="utf-8") as progress:
        digests = backup(sorted(source.iterdir()), progress)
    log.info("%d files saved", len(digests))


if __name__ == "__main__":
    sys.excepthook = report_uncaught
    main()
