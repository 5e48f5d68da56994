"""Health endpoint for the load balancer."""

from flask import Blueprint, Response, jsonify

health_blueprint = Blueprint("health", __name__, url_prefix="/api")


@health_blueprint.get("/health")
def health() -> Response:
    """Tell that the application answers."""
    return jsonify({"status": "ok"})
