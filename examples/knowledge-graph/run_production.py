"""Runs the application for real and lets it serve a morning's traffic.

A server on a loopback port answers a fixed list of requests, the nightly import runs, and the
export worker is started as a process of its own. What happens is left in the application's log
and in the worker's standard error; both are appended to.
"""

import argparse
import json
import logging
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Optional

from flask import Flask
from werkzeug.serving import make_server

from app import create_app
from app.config import DEFAULTS, PROJECT_ROOT
from app.jobs.nightly_import import run_nightly_import
from app.logging_setup import shutdown_logging

logger = logging.getLogger("run_production")

API = "/api/knowledge-graph"
BEFORE_IMPORT = (
    ("GET", "/api/health"),
    ("GET", f"{API}/graph?type=schema"),
    ("GET", f"{API}/nodes/customer-1001/neighbours"),
    ("GET", f"{API}/graph?type=data"),
    ("GET", f"{API}/graph?type=legacy"),
    ("POST", f"{API}/cache/refresh"),
    ("GET", f"{API}/cache"),
    ("GET", f"{API}/nodes/supplier-9001/neighbours"),
    ("GET", f"{API}/nodes/product-3001/neighbours"),
    ("GET", f"{API}/kinds/product/connectedness"),
    ("GET", f"{API}/kinds/warehouse/connectedness"),
    ("GET", "/favicon.ico"),
)
AFTER_IMPORT = (
    ("GET", f"{API}/nodes/customer-1003/neighbours"),
    ("GET", f"{API}/nodes/warehouse-77/neighbours"),
    ("GET", f"{API}/nodes/order-4001/neighbours"),
    ("GET", "/api/health"),
)


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve the application from a thread and yield its base URL."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="http-server", daemon=True
    )
    thread.start()
    logger.info("Serving on http://127.0.0.1:%d", server.server_port)
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        logger.info("Server stopped")


def send(base_url: str, method: str, path: str) -> tuple[int, str]:
    """Send one request and return status and body, whatever the status is."""
    request = urllib.request.Request(base_url + path, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as response:
            return response.status, response.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode("utf-8")


def drive(base_url: str, requests: tuple[tuple[str, str], ...]) -> None:
    """Send the requests one after the other and report the answers on standard error."""
    for method, path in requests:
        status, body = send(base_url, method, path)
        answer = json.dumps(json.loads(body), sort_keys=True)
        print(f"{status} {method} {path}  {answer[:80]}", file=sys.stderr)


def run_worker(stderr_file: Path) -> int:
    """Start the export worker and append its standard error to the file."""
    stderr_file.parent.mkdir(parents=True, exist_ok=True)
    with stderr_file.open("ab") as stderr:
        worker = subprocess.run(
            [sys.executable, "-m", "app.worker"],
            cwd=PROJECT_ROOT,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            check=False,
        )
    return worker.returncode


def main(argv: Optional[list[str]] = None) -> int:
    """Run the whole scenario once."""
    parser = argparse.ArgumentParser(description="Run the application and let it write its logs.")
    parser.add_argument("--log-dir", type=Path, default=DEFAULTS["LOG_DIR"], help="default: app/logs")
    parser.add_argument("--sqlite", action="store_true", help="log into app_logs.db instead of app.log")
    parser.add_argument("--capture", action="store_true", help="let guwu.capture write failures with values")
    parser.add_argument(
        "--stderr",
        type=Path,
        metavar="FILE",
        help="the worker's stderr (default: worker.stderr in the log directory)",
    )
    args = parser.parse_args(argv)

    if args.capture:
        import guwu.capture

        guwu.capture.install(args.log_dir / "guwu-failures.jsonl")
    app = create_app({"LOG_DIR": args.log_dir, "LOG_TO_SQLITE": args.sqlite})
    try:
        with serving(app) as base_url:
            drive(base_url, BEFORE_IMPORT)
            summary = run_nightly_import(app.config["FEED_DIR"], app.extensions["knowledge_graph"].repository)
            print(f"nightly import: {summary}", file=sys.stderr)
            drive(base_url, AFTER_IMPORT)
    finally:
        shutdown_logging()

    exit_code = run_worker(args.stderr or args.log_dir / "worker.stderr")
    print(f"worker exited with {exit_code}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
