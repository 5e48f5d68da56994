"""Logs every request with its status and duration."""

import logging
import time

from flask import Flask, Response, g, request

logger = logging.getLogger(__name__)


def register_request_logging(app: Flask) -> None:
    """Attach the hooks that time and log the requests."""

    @app.before_request
    def start_timer() -> None:
        g.started_at = time.perf_counter()

    @app.after_request
    def log_request(response: Response) -> Response:
        duration_ms = round((time.perf_counter() - g.started_at) * 1000, 2)
        logger.info(
            "%s %s -> %d (%.2f ms)",
            request.method,
            request.full_path.rstrip("?"),
            response.status_code,
            duration_ms,
            extra={"duration_ms": duration_ms},
        )
        return response
