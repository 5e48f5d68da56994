"""Unit tests of the exporters."""

import io

import pytest

from core.services.export_service import CSVExporter, JSONLinesExporter

ROWS = [{"node_id": "a", "label": "A, Inc."}, {"node_id": "b", "label": "B", "kind": "x"}]


@pytest.mark.unit
class TestCSVExporter:
    def test_writes_header_and_selected_columns(self) -> None:
        # ARRANGE
        stream = io.StringIO()

        # ACT
        count = CSVExporter(["node_id", "label"]).export(ROWS, stream)

        # ASSERT
        assert count == 2
        assert stream.getvalue() == 'node_id,label\na,"A, Inc."\nb,B\n'


@pytest.mark.unit
class TestJSONLinesExporter:
    def test_writes_one_line_per_row(self) -> None:
        # ARRANGE
        stream = io.StringIO()

        # ACT
        count = JSONLinesExporter().export(ROWS, stream)

        # ASSERT
        assert count == 2
        assert stream.getvalue().splitlines()[1] == '{"kind": "x", "label": "B", "node_id": "b"}'
