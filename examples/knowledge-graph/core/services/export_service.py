"""Exporters that write flat rows into a text stream."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO


class CSVExporter:
    """Writes rows as comma separated values with a header line."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = list(columns)

    def export(self, rows: Iterable[Mapping[str, Any]], stream: TextIO) -> int:
        """Write all rows and return how many were written."""
        writer = csv.DictWriter(stream, fieldnames=self.columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        count = 0
        for row in rows:
            writer.writerow(row)
            count += 1
        return count


class JSONLinesExporter:
    """Writes one JSON document per line."""

    def export(self, rows: Iterable[Mapping[str, Any]], stream: TextIO) -> int:
        """Write all rows and return how many were written."""
        count = 0
        for row in rows:
            stream.write(json.dumps(dict(row), sort_keys=True) + "\n")
            count += 1
        return count
