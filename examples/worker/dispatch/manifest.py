"""Reads manifests: a header line with the sender and the date, then one line for each parcel.

H;ACME;2026-03-02
P;1001;BER;2.5;express
"""

import logging
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from dispatch.models import DispatchError, Parcel, Service
from dispatch.store import ParcelStore

logger = logging.getLogger(__name__)


@dataclass
class Manifest:
    """A manifest as it was read."""

    sender: str
    day: date
    parcels: list[Parcel] = field(default_factory=list)


class ManifestReader:
    """Reads manifests and keeps count of what it has read."""

    def __init__(self, separator: str = ";") -> None:
        self.separator = separator
        self.lines_read = 0

    def records(self, text: str) -> list[list[str]]:
        """Split a text into its records, without comments and blank lines."""
        lines = [line.strip() for line in text.splitlines()]
        self.lines_read += len(lines)
        return [line.split(self.separator) for line in lines if line and not line.startswith("#")]

    def read(self, text: str) -> Manifest:
        """Read a whole manifest."""
        records = self.records(text)
        kind, sender, day = records[0]
        if kind != "H":
            raise DispatchError(f"A manifest starts with its header, not with '{kind}'")
        manifest = Manifest(sender, date.fromisoformat(day))
        manifest.parcels.extend(self.parcel(record) for record in records[1:])
        return manifest

    def parcel(self, record: list[str]) -> Parcel:
        """Build a parcel from its record."""
        _, number, depot, weight, service = record
        return Parcel(number, depot, Decimal(weight), Service(service))


def import_file(path: Path, store: ParcelStore, reader: ManifestReader) -> dict[str, Any]:
    """Import one file; a file that can not be read is reported, and the others go on."""
    try:
        manifest = reader.read(path.read_text(encoding="utf-8"))
        for parcel in manifest.parcels:
            store.add(parcel)
        logger.info("Imported %d parcels of %s", len(manifest.parcels), manifest.sender)
        return {"success": True, "sender": manifest.sender, "parcels": len(manifest.parcels)}
    except DispatchError as error:
        return {"success": False, "error": str(error)}
    except Exception as error:
        logger.error("Could not import %s", path.name, exc_info=True)
        return {"success": False, "error": str(error)}
