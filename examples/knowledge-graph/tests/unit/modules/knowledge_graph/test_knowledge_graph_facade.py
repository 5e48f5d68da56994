"""Unit tests of the knowledge graph facade; the services behind it are mocked."""

from unittest.mock import Mock, patch

import pytest

from core.interfaces.data_source import DataSource
from modules.knowledge_graph.backend.knowledge_graph_facade import KnowledgeGraphFacade
from modules.knowledge_graph.backend.models import UnknownGraphTypeError

FACADE_MODULE = "modules.knowledge_graph.backend.knowledge_graph_facade"


@pytest.fixture
def mock_data_source() -> Mock:
    source = Mock(spec=DataSource)
    source.query.return_value = []
    return source


@pytest.mark.unit
class TestGetGraph:
    def test_returns_cached_graph(self, mock_data_source: Mock) -> None:
        # ARRANGE
        cache = Mock()
        cache.get.return_value = {"nodes": ["cached"], "edges": []}
        facade = KnowledgeGraphFacade(mock_data_source, cache_service=cache)

        # ACT
        result = facade.get_graph("data")

        # ASSERT
        assert result == {"success": True, "type": "data", "nodes": ["cached"], "edges": []}
        mock_data_source.query.assert_not_called()

    def test_builds_and_caches_missing_graph(self, mock_data_source: Mock) -> None:
        # ARRANGE
        cache = Mock()
        cache.get.return_value = None
        facade = KnowledgeGraphFacade(mock_data_source, cache_service=cache)

        # ACT
        result = facade.get_graph("schema")

        # ASSERT
        assert result["nodes"] == []
        cache.put.assert_called_once_with("schema", "graph", {"nodes": [], "edges": []})

    def test_rejects_unknown_graph_type(self, mock_data_source: Mock) -> None:
        # ARRANGE
        facade = KnowledgeGraphFacade(mock_data_source)

        # ACT / ASSERT
        with pytest.raises(UnknownGraphTypeError, match="legacy"):
            facade.get_graph("legacy")


@pytest.mark.unit
class TestRefreshOntologyCache:
    @patch(f"{FACADE_MODULE}.CacheService")
    def test_clears_cache_and_reports_success(self, mock_cache_class: Mock, mock_data_source: Mock) -> None:
        # ARRANGE
        mock_cache = mock_cache_class.return_value
        mock_cache.clear_cache.return_value = 2
        facade = KnowledgeGraphFacade(mock_data_source)

        # ACT
        result = facade.refresh_ontology_cache()

        # ASSERT
        assert result["success"] is True
        assert mock_cache.clear_cache.called

    @patch(f"{FACADE_MODULE}.CacheService")
    def test_reports_failure_of_data_source(self, mock_cache_class: Mock, mock_data_source: Mock) -> None:
        # ARRANGE
        mock_cache_class.return_value.clear_cache.return_value = 0
        mock_data_source.query.side_effect = OSError("disk unplugged")
        facade = KnowledgeGraphFacade(mock_data_source)

        # ACT
        result = facade.refresh_ontology_cache()

        # ASSERT
        assert result == {"success": False, "error": "disk unplugged"}


@pytest.mark.unit
class TestGetNeighbours:
    def test_delegates_to_query_service(self, mock_data_source: Mock) -> None:
        # ARRANGE
        query_service = Mock()
        query_service.neighbours.return_value = {"node": {"node_id": "a"}, "neighbours": [], "count": 0}
        facade = KnowledgeGraphFacade(mock_data_source, query_service=query_service)

        # ACT
        result = facade.get_neighbours("a")

        # ASSERT
        assert result["success"] is True
        query_service.neighbours.assert_called_once_with("a")
