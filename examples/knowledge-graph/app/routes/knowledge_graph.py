"""Knowledge graph endpoints."""

from flask import Blueprint, Response, current_app, jsonify, request

from modules.knowledge_graph.backend.knowledge_graph_facade import KnowledgeGraphFacade

knowledge_graph_blueprint = Blueprint("knowledge_graph", __name__, url_prefix="/api/knowledge-graph")


def get_facade() -> KnowledgeGraphFacade:
    """Return the facade of the running application."""
    return current_app.extensions["knowledge_graph"]


@knowledge_graph_blueprint.get("/graph")
def graph() -> Response:
    """Return the graph of the requested type."""
    return jsonify(get_facade().get_graph(request.args.get("type", "schema")))


@knowledge_graph_blueprint.get("/nodes/<node_id>/neighbours")
def neighbours(node_id: str) -> Response:
    """Return a node with its direct neighbours."""
    return jsonify(get_facade().get_neighbours(node_id))


@knowledge_graph_blueprint.get("/kinds/<kind>/connectedness")
def connectedness(kind: str) -> Response:
    """Return how well the nodes of one kind are connected."""
    return jsonify(get_facade().get_connectedness(kind))


@knowledge_graph_blueprint.get("/cache")
def cache_status() -> Response:
    """Return the number of cached graphs."""
    return jsonify(get_facade().get_cache_status())


@knowledge_graph_blueprint.post("/cache/refresh")
def refresh_cache() -> Response:
    """Drop the cached graphs and rebuild the ontology."""
    return jsonify(get_facade().refresh_ontology_cache())
