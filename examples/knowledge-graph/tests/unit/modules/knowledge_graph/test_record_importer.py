"""Unit tests of the record importer."""

from typing import Any

import pytest

from modules.knowledge_graph.backend.models import Node
from modules.knowledge_graph.backend.record_importer import build_node, normalise_rows


@pytest.mark.unit
class TestBuildNode:
    def test_keeps_other_keys_as_properties(self, sample_records: list[dict[str, Any]]) -> None:
        # ACT
        node = build_node(sample_records[0])

        # ASSERT
        assert node == Node("supplier-1", "First Supplier", "supplier", {"country": "FR"})

    def test_kind_defaults_to_entity(self, sample_records: list[dict[str, Any]]) -> None:
        # ACT / ASSERT
        assert build_node(sample_records[1]).kind == "entity"


@pytest.mark.unit
class TestNormaliseRows:
    def test_last_duplicate_wins(self) -> None:
        # ARRANGE
        rows = [{"id": 7, "label": "old"}, {"id": "7", "label": "new "}]

        # ACT
        nodes = normalise_rows(rows)

        # ASSERT
        assert [node.label for node in nodes] == ["new"]
