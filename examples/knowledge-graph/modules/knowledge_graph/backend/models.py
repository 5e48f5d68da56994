"""Data types and errors of the knowledge graph."""

from dataclasses import asdict, dataclass, field
from typing import Any

GRAPH_TYPES = ("schema", "data")


class KnowledgeGraphError(Exception):
    """Base of all errors that a client of the graph can cause."""

    status_code = 400


class UnknownGraphTypeError(KnowledgeGraphError):
    """The requested graph type does not exist."""


@dataclass(frozen=True)
class Node:
    """A business object."""

    node_id: str
    label: str
    kind: str = "entity"
    properties: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the node as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Edge:
    """A directed relation between two business objects."""

    source: str
    target: str
    relation: str

    def to_dict(self) -> dict[str, Any]:
        """Return the edge as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Neighbour:
    """A node together with the relation that leads to it."""

    node: Node
    relation: str
    direction: str

    def to_dict(self) -> dict[str, Any]:
        """Return the neighbour as plain data."""
        return {"relation": self.relation, "direction": self.direction, **self.node.to_dict()}
