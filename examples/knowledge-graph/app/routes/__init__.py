"""HTTP routes, one blueprint per area."""

from flask import Flask

from app.routes.errors import register_error_handlers
from app.routes.health import health_blueprint
from app.routes.knowledge_graph import knowledge_graph_blueprint


def register_routes(app: Flask) -> None:
    """Register all blueprints and the error handlers."""
    app.register_blueprint(health_blueprint)
    app.register_blueprint(knowledge_graph_blueprint)
    register_error_handlers(app)
