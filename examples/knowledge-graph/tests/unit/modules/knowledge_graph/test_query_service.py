"""Unit tests of the query service; the repository is mocked."""

from unittest.mock import Mock

import pytest

from modules.knowledge_graph.backend.models import Edge, Neighbour, Node
from modules.knowledge_graph.backend.query_service import QueryService


@pytest.mark.unit
class TestQueryService:
    def test_neighbours_formats_node_and_neighbours(self) -> None:
        # ARRANGE
        repository = Mock()
        repository.find_node.return_value = Node("a", "Alpha")
        repository.neighbours_of.return_value = [Neighbour(Node("b", "Beta", "product"), "contains", "out")]
        service = QueryService(repository)

        # ACT
        result = service.neighbours("a")

        # ASSERT
        assert result["node"]["label"] == "Alpha"
        assert result["neighbours"][0]["relation"] == "contains"
        assert result["count"] == 1

    def test_connectedness(self) -> None:
        # ARRANGE
        repository = Mock()
        repository.all_nodes.return_value = [Node("a", "A", "x"), Node("b", "B", "y"), Node("c", "C", "x")]
        repository.all_edges.return_value = [Edge("a", "b", "to"), Edge("a", "c", "to")]

        # ACT
        result = QueryService(repository).connectedness("x")

        # ASSERT
        assert result == {"kind": "x", "nodes": 2, "average": 1.5}

    def test_count_by_kind(self) -> None:
        # ARRANGE
        repository = Mock()
        repository.all_nodes.return_value = [Node("a", "A", "x"), Node("b", "B", "y"), Node("c", "C", "x")]

        # ACT
        counts = QueryService(repository).count_by_kind()

        # ASSERT
        assert counts == {"x": 2, "y": 1}
