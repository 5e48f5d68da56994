"""Unit tests of the knowledge graph routes; the facade is mocked."""

from unittest.mock import Mock

import pytest
from flask import Flask
from flask.testing import FlaskClient

from modules.knowledge_graph.backend.models import UnknownGraphTypeError


@pytest.fixture
def mock_facade(app: Flask) -> Mock:
    facade = Mock()
    app.extensions["knowledge_graph"] = facade
    return facade


@pytest.mark.unit
class TestKnowledgeGraphRoutes:
    def test_graph_defaults_to_schema(self, client: FlaskClient, mock_facade: Mock) -> None:
        # ARRANGE
        mock_facade.get_graph.return_value = {"success": True, "nodes": [], "edges": []}

        # ACT
        response = client.get("/api/knowledge-graph/graph")

        # ASSERT
        assert response.status_code == 200
        mock_facade.get_graph.assert_called_once_with("schema")

    def test_unknown_graph_type_is_rejected(self, client: FlaskClient, mock_facade: Mock) -> None:
        # ARRANGE
        mock_facade.get_graph.side_effect = UnknownGraphTypeError("Unknown graph type 'x'")

        # ACT
        response = client.get("/api/knowledge-graph/graph?type=x")

        # ASSERT
        assert response.status_code == 400
        assert response.get_json() == {"success": False, "error": "Unknown graph type 'x'"}

    def test_neighbours_returns_facade_answer(self, client: FlaskClient, mock_facade: Mock) -> None:
        # ARRANGE
        mock_facade.get_neighbours.return_value = {"success": True, "node": {}, "neighbours": [], "count": 0}

        # ACT
        response = client.get("/api/knowledge-graph/nodes/order-1/neighbours")

        # ASSERT
        assert response.get_json()["count"] == 0
        mock_facade.get_neighbours.assert_called_once_with("order-1")

    def test_refresh_cache_returns_facade_answer(self, client: FlaskClient, mock_facade: Mock) -> None:
        # ARRANGE
        mock_facade.refresh_ontology_cache.return_value = {"success": True, "cleared": 2, "relations": 3}

        # ACT
        response = client.post("/api/knowledge-graph/cache/refresh")

        # ASSERT
        assert response.status_code == 200
        assert response.get_json()["cleared"] == 2
