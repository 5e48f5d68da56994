"""Backup tool: which set does a folder belong to? The answer is the nearest folder upwards that has a .backupset."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s backup[%(process)d]: %(levelname)s: %(message)s",
    datefmt="%b %d %H:%M:%S",
)
log = logging.getLogger("backup")


def report(kind, error, traceback):
    log.critical("backup ended by %s", kind.__name__, exc_info=(kind, error, traceback))


sys.excepthook = report

from plumbum import local


def set_of(folder):
    """The folder whose set `folder` belongs to, None without any."""
    while True:
        if (folder / ".backupset").exists():
            return folder
        if folder.parent == folder:
            return None
        folder = folder.parent


def main():
    photos = local.cwd / "photos"
    (photos / "2024" / "alps").mkdir()
    (photos / ".backupset").write("daily\n")
    (local.cwd / "scratch").mkdir()
    for folder in (photos / "2024" / "alps", photos, local.cwd / "scratch"):
        found = set_of(folder)
        if found is None:
            log.warning("%s: in no set, skipped", folder.name)
        else:
            log.info("%s: set %s (%s)", folder.name, found.name, (found / ".backupset").read().strip())


if __name__ == "__main__":
    main()
