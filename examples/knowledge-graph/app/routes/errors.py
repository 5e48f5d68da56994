"""Turns errors into JSON answers."""

import logging

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from modules.knowledge_graph.backend.models import KnowledgeGraphError

logger = logging.getLogger(__name__)


def register_error_handlers(app: Flask) -> None:
    """Register handlers for domain errors and HTTP errors."""

    @app.errorhandler(KnowledgeGraphError)
    def handle_domain_error(error: KnowledgeGraphError) -> tuple[Response, int]:
        logger.warning("Rejected %s %s: %s", request.method, request.path, error)
        return jsonify({"success": False, "error": str(error)}), error.status_code

    @app.errorhandler(HTTPException)
    def handle_http_error(error: HTTPException) -> tuple[Response, int]:
        return jsonify({"success": False, "error": error.name}), error.code or 500
