"""Configures logging: a text file, or a SQLite table instead."""

import logging
from pathlib import Path

from app.sqlite_log_handler import SQLiteLogHandler

LOG_FORMAT = "%(asctime)s - %(name)s - %(levelname)s - %(message)s"
HANDLER_NAME = "application-log"


def configure_logging(log_dir: Path, use_sqlite: bool = False) -> logging.Handler:
    """Send all records from INFO on to the log directory; calling it again replaces the handler."""
    log_dir.mkdir(parents=True, exist_ok=True)
    handler: logging.Handler
    if use_sqlite:
        handler = SQLiteLogHandler(log_dir / "app_logs.db")
    else:
        handler = logging.FileHandler(log_dir / "app.log", encoding="utf-8")
        handler.setFormatter(logging.Formatter(LOG_FORMAT))
    handler.set_name(HANDLER_NAME)
    root = logging.getLogger()
    shutdown_logging()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return handler


def shutdown_logging() -> None:
    """Remove and close the handler that configure_logging() installed."""
    root = logging.getLogger()
    for handler in [h for h in root.handlers if h.get_name() == HANDLER_NAME]:
        root.removeHandler(handler)
        handler.close()
