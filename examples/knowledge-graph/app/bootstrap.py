"""Opens the database and loads the seed data."""

import json
import logging
from pathlib import Path

from core.services.sqlite_data_source import SQLiteDataSource
from modules.knowledge_graph.backend.graph_repository import GraphRepository
from modules.knowledge_graph.backend.models import Edge
from modules.knowledge_graph.backend.record_importer import normalise_rows

logger = logging.getLogger(__name__)


def build_data_source(database: str, seed_file: Path) -> SQLiteDataSource:
    """Open the database and fill it from the seed file."""
    data_source = SQLiteDataSource(database)
    repository = GraphRepository(data_source)
    seed = json.loads(seed_file.read_text(encoding="utf-8"))
    nodes = repository.save_nodes(normalise_rows(seed["nodes"]))
    edges = repository.save_edges(Edge(*edge) for edge in seed["edges"])
    logger.info("Loaded %d nodes and %d edges from %s", nodes, edges, seed_file.name)
    return data_source
