"""Nightly worker of a meter reading service; what is traced stands in its configuration file."""
import logging
import os
import sys
import tomllib
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname).1s %(name)s %(message)s",
)
log = logging.getLogger("nightly.worker")

import nightly
import sentry_sdk

CONFIG = """
[monitoring]
environment = "production"
sample_rate = 0.2
trace = ["nightly.collect_readings", "rebuild_index"]

[worker]
meters = ["north-1", "north-12", "east-7"]
"""


def uncaught(kind, error, trace):
    log.critical("worker died", exc_info=(kind, error, trace))


def start_monitoring(options):
    sentry_sdk.init(
        environment=options["environment"],
        traces_sample_rate=options["sample_rate"],
        functions_to_trace=[{"qualified_name": name} for name in options["trace"]],
        default_integrations=False,
    )


def main():
    path = Path.cwd() / "worker.toml"
    path.write_text(CONFIG, encoding="utf-8")
    config = tomllib.loads(path.read_text(encoding="utf-8"))
    log.info("read %s", path.name)
    start_monitoring(config["monitoring"])
    readings = nightly.collect_readings(config["worker"]["meters"])
    log.info("index: %s", ", ".join(nightly.rebuild_index(readings)))


if __name__ == "__main__":
    sys.excepthook = uncaught
    main()
