"""Cron job: writes the table of contents of a scanned book that comes as a tar file."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s contents[%(process)d]: %(message)s",
)
log = logging.getLogger("contents")

import tarfile
from pathlib import Path

from natsort import natsort_keygen, ns

in_page_order = natsort_keygen(alg=ns.PATH | ns.IGNORECASE)


def scanner_delivers(name, whole_folder):
    """What the scanner's software leaves: either the pages, or the folder with the pages in it."""
    folder = Path(name)
    folder.mkdir(exist_ok=True)
    for page in ("Page 10.tif", "Page 9.tif", "cover.tif"):
        (folder / page).write_bytes(b"II*\0")
    with tarfile.open(f"{name}.tar", "w") as tar:
        if whole_folder:
            tar.add(folder, arcname=".")
        else:
            for path in sorted(folder.iterdir()):
                tar.add(path, arcname=path.name)


def contents(archive):
    with tarfile.open(archive) as tar:
        names = tar.getnames()
    names.sort(key=in_page_order)
    return names


def main():
    for name, whole_folder in (("atlas", False), ("herbal", True)):
        scanner_delivers(name, whole_folder)
        log.info("%s.tar: %s", name, ", ".join(contents(f"{name}.tar")))


if __name__ == "__main__":
    # the crontab says 2>>contents.log
    sys.stderr = open(os.environ.get("PROD_LOG", "prod.log"), "a", buffering=1)
    main()
