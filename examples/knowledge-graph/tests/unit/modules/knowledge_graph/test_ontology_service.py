"""Unit tests of the ontology service."""

from unittest.mock import Mock

import pytest

from modules.knowledge_graph.backend.models import Edge, Node
from modules.knowledge_graph.backend.ontology_service import OntologyService


@pytest.mark.unit
class TestOntologyService:
    def test_discover_relations_groups_by_kind(self) -> None:
        # ARRANGE
        repository = Mock()
        repository.all_nodes.return_value = [
            Node("o", "O", "order"),
            Node("p", "P", "product"),
            Node("q", "Q", "product"),
        ]
        repository.all_edges.return_value = [
            Edge("o", "p", "contains"),
            Edge("o", "q", "contains"),
            Edge("o", "gone", "x"),
        ]

        # ACT
        relations = OntologyService(repository).discover_relations()

        # ASSERT
        assert relations == [
            {"source_kind": "order", "relation": "contains", "target_kind": "product", "count": 2},
        ]
