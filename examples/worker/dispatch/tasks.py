"""The tasks of the worker; they hold no logic of their own."""

from pathlib import Path
from typing import Any

from celery import Celery

from dispatch.manifest import ManifestReader, import_file
from dispatch.models import DispatchError, Status
from dispatch.pricing import Tariff, invoice
from dispatch.routing import Network
from dispatch.store import ParcelStore
from dispatch.tracking import Tracker

app = Celery("dispatch")
app.conf.update(broker_url="memory://", task_ignore_result=True, timezone="UTC")

store = ParcelStore()
tracker = Tracker(store)
network = Network()


@app.task
def import_manifest(path: str) -> dict[str, Any]:
    """Import a manifest that has arrived."""
    return import_file(Path(path), store, ManifestReader())


@app.task
def connect_depots(depots: dict[str, str], hubs: dict[str, str]) -> None:
    """Take over the network as the planning department sends it."""
    for code, city in depots.items():
        network.add(code, city)
    for code, hub in hubs.items():
        network.connect(code, hub)


@app.task
def track(message: dict[str, Any]) -> bool:
    """Apply what a carrier reports."""
    try:
        return tracker.handle(message)
    except DispatchError:
        return False


@app.task
def plan_route(number: str) -> list[str]:
    """Return the way of a parcel."""
    parcel = store.find(number)
    if parcel is None:
        raise DispatchError(f"Unknown parcel '{number}'")
    return network.route(parcel.depot)


@app.task
def bill(surcharges: str) -> dict[str, Any]:
    """Bill everything that was delivered."""
    return invoice(store.with_status(Status.DELIVERED), Tariff.from_json(surcharges))
