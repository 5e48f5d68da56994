"""The web application: create_app() wires configuration, logging, services and routes."""

from collections.abc import Mapping
from typing import Any, Optional

from flask import Flask

from app.bootstrap import build_data_source
from app.config import DEFAULTS
from app.logging_setup import configure_logging
from app.request_logging import register_request_logging
from app.routes import register_routes
from core.interfaces.data_source import DataSource
from modules.knowledge_graph.backend.knowledge_graph_facade import KnowledgeGraphFacade


def create_app(
    config: Optional[Mapping[str, Any]] = None,
    data_source: Optional[DataSource] = None,
) -> Flask:
    """Build the application; a test passes its own configuration and data source."""
    app = Flask(__name__)
    app.config.from_mapping(DEFAULTS)
    app.config.from_mapping(config or {})
    if not app.config["TESTING"]:
        configure_logging(app.config["LOG_DIR"], use_sqlite=app.config["LOG_TO_SQLITE"])
    if data_source is None:
        data_source = build_data_source(app.config["DATABASE"], app.config["SEED_FILE"])
    app.extensions["knowledge_graph"] = KnowledgeGraphFacade(data_source)
    register_request_logging(app)
    register_routes(app)
    return app
