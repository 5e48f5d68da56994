"""Runs the worker for real and lets it do a morning's work.

Messages go through Celery's own machinery, in this process. What happens is left in app/logs: the worker's log, and
the failures with their values.
"""

import logging
import sys
from pathlib import Path
from typing import Any

import guwu.capture

from dispatch import tasks

ROOT = Path(__file__).resolve().parent
LOGS = ROOT / "app" / "logs"

MANIFESTS = ("acme.txt", "birch.txt", "empty.txt")
DEPOTS = {"BER": "Berlin", "LEJ": "Leipzig", "FRA": "Frankfurt", "CGN": "Köln", "MUC": "München"}
HUBS = {"BER": "LEJ", "MUC": "FRA", "LEJ": "FRA", "CGN": "LEJ"}
#: The planners have moved a hub.
NEW_HUBS = {"FRA": "CGN"}
MESSAGES = (
    {"parcel": "1001", "status": "in-transit", "at": "2026-03-02T06:10:00+00:00", "depot": "BER"},
    {"parcel": "1001", "status": "OUT_FOR_DELIVERY", "at": "2026-03-02T08:00:00+00:00"},
    {"parcel": "1002", "status": "in-transit", "at": "2026-03-02T06:15:00+00:00"},
    {"parcel": "1001", "status": "delivered", "at": "2026-03-02T09:41:00+00:00"},
    {"parcel": "9999", "status": "delivered", "at": "2026-03-02T09:41:30+00:00"},
    {"parcel": "1002", "status": "out-for-delivery", "at": "2026-03-02T10:02:00+00:00"},
    # A scanner that was offline sends its scans late.
    {"parcel": "1001", "status": "in-transit", "at": "2026-03-02T07:20:00+00:00", "depot": "LEJ"},
    {"parcel": "2001", "status": "in transit", "at": "2026-03-02T10:30:00+00:00"},
    {"parcel": "1002", "status": "delivered", "at": "2026-03-02T11:05:00+00:00"},
)


def send(task: Any, *arguments: Any) -> None:
    """Let the worker do a task, and report how it ended on standard error."""
    result = task.apply_async(args=arguments)
    print(f"{result.state:8} {task.name}  {str(result.result)[:80]}", file=sys.stderr)


def main() -> int:
    """Run the whole scenario once."""
    LOGS.mkdir(parents=True, exist_ok=True)
    guwu.capture.celery(tasks.app)
    logging.basicConfig(
        filename=LOGS / "worker.log", level=logging.INFO, format="%(asctime)s - %(name)s - %(levelname)s - %(message)s"
    )
    tasks.app.conf.task_always_eager = True
    for name in MANIFESTS:
        send(tasks.import_manifest, str(ROOT / "data" / name))
    send(tasks.connect_depots, DEPOTS, HUBS)
    send(tasks.plan_route, "1001")
    for message in MESSAGES:
        send(tasks.track, message)
    send(tasks.bill, '{"FRA": 2}')
    send(tasks.connect_depots, {}, NEW_HUBS)
    send(tasks.plan_route, "2001")
    send(tasks.bill, '{"BER": 1.25}')
    logging.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
