"""Reads and writes nodes and edges through a data source."""

import json
from collections.abc import Iterable
from typing import Any, Optional

from core.interfaces.data_source import DataSource
from modules.knowledge_graph.backend.models import Edge, Neighbour, Node

NODE_COLUMNS = "n.node_id, n.label, n.kind, n.properties"


def _to_node(row: dict[str, Any]) -> Node:
    return Node(row["node_id"], row["label"], row["kind"], json.loads(row["properties"]))


class GraphRepository:
    """The only place that knows the tables of the graph."""

    def __init__(self, data_source: DataSource) -> None:
        self.data_source = data_source

    def find_node(self, node_id: str) -> Optional[Node]:
        """Return one node, or None when the id is unknown."""
        rows = self.data_source.query(f"SELECT {NODE_COLUMNS} FROM nodes n WHERE n.node_id = ?", (node_id,))
        return _to_node(rows[0]) if rows else None

    def all_nodes(self) -> list[Node]:
        """Return every node, ordered by id."""
        return [
            _to_node(row) for row in self.data_source.query(f"SELECT {NODE_COLUMNS} FROM nodes n ORDER BY 1")
        ]

    def all_edges(self) -> list[Edge]:
        """Return every edge, ordered by its ends."""
        rows = self.data_source.query("SELECT source, target, relation FROM edges ORDER BY 1, 2, 3")
        return [Edge(row["source"], row["target"], row["relation"]) for row in rows]

    def neighbours_of(self, node_id: str) -> list[Neighbour]:
        """Return the nodes one step away, in either direction."""
        rows = self.data_source.query(
            f"SELECT {NODE_COLUMNS}, e.relation, 'out' AS direction"
            " FROM edges e JOIN nodes n ON n.node_id = e.target WHERE e.source = ?"
            f" UNION ALL SELECT {NODE_COLUMNS}, e.relation, 'in'"
            " FROM edges e JOIN nodes n ON n.node_id = e.source WHERE e.target = ?"
            " ORDER BY 1, 5, 6",
            (node_id, node_id),
        )
        return [Neighbour(_to_node(row), row["relation"], row["direction"]) for row in rows]

    def save_nodes(self, nodes: Iterable[Node]) -> int:
        """Insert the nodes, replacing those with the same id."""
        return self.data_source.execute_many(
            "INSERT OR REPLACE INTO nodes (node_id, label, kind, properties) VALUES (?, ?, ?, ?)",
            [(n.node_id, n.label, n.kind, json.dumps(n.properties, sort_keys=True)) for n in nodes],
        )

    def save_edges(self, edges: Iterable[Edge]) -> int:
        """Insert the edges, replacing equal ones."""
        return self.data_source.execute_many(
            "INSERT OR REPLACE INTO edges (source, target, relation) VALUES (?, ?, ?)",
            [(e.source, e.target, e.relation) for e in edges],
        )
