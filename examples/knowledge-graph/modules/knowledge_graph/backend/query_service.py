"""Answers questions about single nodes of the graph."""

from typing import Any

from modules.knowledge_graph.backend.graph_repository import GraphRepository


class QueryService:
    """Read-only queries, formatted for the API."""

    def __init__(self, repository: GraphRepository) -> None:
        self.repository = repository

    def neighbours(self, node_id: str) -> dict[str, Any]:
        """Return a node and everything that is one step away from it."""
        node = self.repository.find_node(node_id)
        neighbours = self.repository.neighbours_of(node_id)
        return {
            "node": node.to_dict(),
            "neighbours": [neighbour.to_dict() for neighbour in neighbours],
            "count": len(neighbours),
        }

    def connectedness(self, kind: str) -> dict[str, Any]:
        """Return how many edges a node of one kind has on average."""
        ids = {node.node_id for node in self.repository.all_nodes() if node.kind == kind}
        ends = sum((edge.source in ids) + (edge.target in ids) for edge in self.repository.all_edges())
        return {"kind": kind, "nodes": len(ids), "average": round(ends / len(ids), 2)}

    def count_by_kind(self) -> dict[str, int]:
        """Return how many nodes of each kind exist."""
        counts: dict[str, int] = {}
        for node in self.repository.all_nodes():
            counts[node.kind] = counts.get(node.kind, 0) + 1
        return counts
