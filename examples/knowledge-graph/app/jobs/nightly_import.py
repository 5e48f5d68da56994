"""Nightly import of the supplier feeds."""

import json
import logging
from pathlib import Path

from modules.knowledge_graph.backend.graph_repository import GraphRepository
from modules.knowledge_graph.backend.record_importer import normalise_rows

logger = logging.getLogger(__name__)


def run_nightly_import(feed_dir: Path, repository: GraphRepository) -> dict[str, int]:
    """Import every feed of the directory; a broken feed does not stop the others."""
    summary = {"imported": 0, "failed_feeds": 0}
    for feed in sorted(feed_dir.glob("*.json")):
        try:
            nodes = normalise_rows(json.loads(feed.read_text(encoding="utf-8")))
            summary["imported"] += repository.save_nodes(nodes)
            logger.info("Imported feed %s (%d nodes)", feed.name, len(nodes))
        except Exception:
            logger.exception("Import failed for feed %s", feed.name)
            summary["failed_feeds"] += 1
    logger.info("Nightly import finished: %s", summary)
    return summary
