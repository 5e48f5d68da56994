"""Supervisor: keeps the configuration that the server was started with and compares it after a deployment."""
import os
import pickle
import sys
import time
import traceback
from pathlib import Path

from gunicorn.config import Config

WATCHED = ("bind", "workers", "timeout", "keepalive")


def say(stream, level, message):
    print(f"[{time.strftime('%Y-%m-%d %H:%M:%S +0000', time.gmtime())}] [1] [{level}] {message}", file=stream, flush=True)


def load(settings):
    config = Config(prog="gunicorn")
    for name, value in settings.items():
        config.set(name, value)
    return config


def save(config, path):
    path.write_bytes(pickle.dumps(config))


def changes(path, config):
    before = pickle.loads(path.read_bytes())
    return [name for name in WATCHED if getattr(before, name) != getattr(config, name)]


def main(stream=sys.stderr):
    snapshot = Path("gunicorn.snapshot")
    running = load({"bind": "127.0.0.1:8000", "workers": 3, "timeout": 30})
    save(running, snapshot)
    say(stream, "INFO", f"Snapshot written: {running.workers} workers on {running.bind[0]}")
    deployed = load({"bind": "127.0.0.1:8000", "workers": 5, "timeout": 60})
    say(stream, "INFO", "Deployment finished, comparing settings")
    say(stream, "INFO", f"Restart needed for: {', '.join(changes(snapshot, deployed)) or 'nothing'}")


if __name__ == "__main__":
    with open(os.environ.get("PROD_LOG", "prod.log"), "w", encoding="utf-8") as out:
        try:
            main(out)
        except Exception:
            traceback.print_exc(file=out)
            sys.exit(1)
