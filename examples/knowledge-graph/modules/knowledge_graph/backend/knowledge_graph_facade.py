"""Single entry point of the knowledge graph module.

Routes and jobs talk to the facade only; it wires repository, queries, ontology and cache.
"""

import logging
from typing import Any, Optional

from core.interfaces.data_source import DataSource
from core.services.cache_service import CacheService
from modules.knowledge_graph.backend.graph_repository import GraphRepository
from modules.knowledge_graph.backend.models import GRAPH_TYPES, UnknownGraphTypeError
from modules.knowledge_graph.backend.ontology_service import OntologyService
from modules.knowledge_graph.backend.query_service import QueryService

logger = logging.getLogger(__name__)

CACHE_KEY = "graph"


class KnowledgeGraphFacade:
    """What the rest of the application may do with the knowledge graph."""

    def __init__(
        self,
        data_source: DataSource,
        cache_service: Optional[CacheService] = None,
        query_service: Optional[QueryService] = None,
    ) -> None:
        self.repository = GraphRepository(data_source)
        self.cache_service = CacheService() if cache_service is None else cache_service
        self.query_service = QueryService(self.repository) if query_service is None else query_service
        self.ontology_service = OntologyService(self.repository)

    def get_graph(self, graph_type: str) -> dict[str, Any]:
        """Return the schema graph or the data graph, from the cache when possible."""
        if graph_type not in GRAPH_TYPES:
            raise UnknownGraphTypeError(
                f"Unknown graph type '{graph_type}', use one of {', '.join(GRAPH_TYPES)}"
            )
        graph = self.cache_service.get(graph_type, CACHE_KEY)
        if graph is None:
            logger.info("Building %s graph", graph_type)
            graph = self._build_schema_graph() if graph_type == "schema" else self._build_data_graph()
            self.cache_service.put(graph_type, CACHE_KEY, graph)
        return {"success": True, "type": graph_type, **graph}

    def get_neighbours(self, node_id: str) -> dict[str, Any]:
        """Return a node with its direct neighbours."""
        return {"success": True, **self.query_service.neighbours(node_id)}

    def get_connectedness(self, kind: str) -> dict[str, Any]:
        """Return how well the nodes of one kind are connected."""
        return {"success": True, **self.query_service.connectedness(kind)}

    def get_cache_status(self) -> dict[str, Any]:
        """Return how many graphs are cached per type."""
        return {"success": True, "entries": self.cache_service.status()}

    def refresh_ontology_cache(self) -> dict[str, Any]:
        """Drop the cached graphs and discover the relations again."""
        try:
            cleared = self.cache_service.clear_cache()
            schema = self._build_schema_graph()
            self.cache_service.put("schema", CACHE_KEY, schema)
            logger.info("Ontology cache refreshed")
            return {"success": True, "cleared": cleared, "relations": len(schema["edges"])}
        except Exception as e:
            logger.error("Error refreshing ontology cache", exc_info=True)
            return {"success": False, "error": str(e)}

    def _build_schema_graph(self) -> dict[str, Any]:
        counts = self.query_service.count_by_kind()
        return {
            "nodes": [{"kind": kind, "count": count} for kind, count in sorted(counts.items())],
            "edges": self.ontology_service.discover_relations(),
        }

    def _build_data_graph(self) -> dict[str, Any]:
        return {
            "nodes": [node.to_dict() for node in self.repository.all_nodes()],
            "edges": [edge.to_dict() for edge in self.repository.all_edges()],
        }
