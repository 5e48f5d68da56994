"""Derives the ontology (which kinds relate to which) from the stored edges."""

import logging
from collections import Counter
from typing import Any

from modules.knowledge_graph.backend.graph_repository import GraphRepository

logger = logging.getLogger(__name__)


class OntologyService:
    """Summarises the edges of the data graph by the kinds of their ends."""

    def __init__(self, repository: GraphRepository) -> None:
        self.repository = repository

    def discover_relations(self) -> list[dict[str, Any]]:
        """Return one entry per (source kind, relation, target kind) with its frequency."""
        kinds = {node.node_id: node.kind for node in self.repository.all_nodes()}
        relations = Counter(
            (kinds[edge.source], edge.relation, kinds[edge.target])
            for edge in self.repository.all_edges()
            if edge.source in kinds and edge.target in kinds
        )
        logger.info("Discovered %d relations between %d nodes", len(relations), len(kinds))
        return [
            {"source_kind": source, "relation": relation, "target_kind": target, "count": count}
            for (source, relation, target), count in sorted(relations.items())
        ]
