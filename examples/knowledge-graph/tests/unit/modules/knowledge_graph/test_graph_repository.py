"""Unit tests of the graph repository."""

import pytest

from modules.knowledge_graph.backend.graph_repository import GraphRepository
from modules.knowledge_graph.backend.models import Node


@pytest.mark.unit
class TestGraphRepository:
    def test_find_node(self, repository: GraphRepository) -> None:
        # ACT
        node = repository.find_node("order-1")

        # ASSERT
        assert node == Node("order-1", "Test Order", "order", {"currency": "EUR"})

    def test_find_node_returns_none_for_unknown_id(self, repository: GraphRepository) -> None:
        # ACT / ASSERT
        assert repository.find_node("order-99") is None

    def test_neighbours_of_follows_both_directions(self, repository: GraphRepository) -> None:
        # ACT
        neighbours = repository.neighbours_of("order-1")

        # ASSERT
        found = [(n.node.node_id, n.relation, n.direction) for n in neighbours]
        assert found == [("customer-1", "placed", "in"), ("product-1", "contains", "out")]

    def test_save_nodes_replaces_existing_node(self, repository: GraphRepository) -> None:
        # ACT
        repository.save_nodes([Node("order-1", "Renamed", "order")])

        # ASSERT
        assert len(repository.all_nodes()) == 3
        assert [n.label for n in repository.all_nodes()] == ["Test Customer", "Renamed", "Test Product"]
