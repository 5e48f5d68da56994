"""Provisioning: works out the workers' command lines from the inventory of the host."""
import configparser
import io
import logging
import os
import shlex
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s: %(levelname)s/MainProcess] %(message)s",
)
log = logging.getLogger("provision")

from celery.bin.multi import MultiTool

INVENTORY = """
[web-3]
nodes = web mail
options = -A shop --loglevel=INFO -Q:web default,images -Q:mail mail -c 4

[mail-2]
nodes = mail-worker
options = -A shop --loglevel=INFO -Q:mail-worker mail,bounces -c 2
"""


def worker_commands(section):
    out = io.StringIO()
    tool = MultiTool(env={}, fh=out, quiet=True)
    argv = ["multi", "show", *section["nodes"].split(), *shlex.split(section["options"])]
    code = tool.execute_from_commandline(argv)
    if code:
        raise SystemExit(code)
    return [line for line in out.getvalue().splitlines() if line]


def main():
    inventory = configparser.ConfigParser()
    inventory.read_string(INVENTORY)
    for host in inventory.sections():
        log.info("host %s: nodes %s", host, inventory[host]["nodes"])
        commands = worker_commands(inventory[host])
        log.info("host %s: %d command lines written", host, len(commands))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("provisioning stopped")
        sys.exit(1)
