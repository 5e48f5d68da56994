"""Turns feed records into graph nodes.

A feed is a list of JSON objects. Besides ``id`` the suppliers may send ``label`` and ``kind``;
everything else is kept as a property of the node.
"""

import logging
from collections.abc import Iterable
from typing import Any

from modules.knowledge_graph.backend.models import Node

logger = logging.getLogger(__name__)

CORE_KEYS = frozenset({"id", "label", "kind"})


def build_node(record: dict[str, Any]) -> Node:
    """Build a node from one feed record."""
    return Node(
        node_id=str(record["id"]).strip(),
        label=str(record["label"]).strip(),
        kind=str(record.get("kind", "entity")).lower(),
        properties={key: value for key, value in record.items() if key not in CORE_KEYS},
    )


def normalise_rows(rows: Iterable[dict[str, Any]]) -> list[Node]:
    """Build the nodes of a feed; of records with the same id the last one wins."""
    nodes: dict[str, Node] = {}
    for row in rows:
        node = build_node(row)
        if node.node_id in nodes:
            logger.warning("Duplicate record for node %s, keeping the last one", node.node_id)
        nodes[node.node_id] = node
    return list(nodes.values())
