"""Export worker: writes all nodes as CSV for the reporting team.

Start it with ``python -m app.worker [--output FILE]``.
"""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Optional, TextIO

from app.bootstrap import build_data_source
from app.config import DEFAULTS
from app.logging_setup import LOG_FORMAT
from core.services.export_service import CsvExporter
from modules.knowledge_graph.backend.graph_repository import GraphRepository

logger = logging.getLogger(__name__)

COLUMNS = ("node_id", "kind", "label")


def export_nodes(repository: GraphRepository, stream: TextIO) -> int:
    """Write all nodes to the stream and return their number."""
    return CsvExporter(COLUMNS).export((node.to_dict() for node in repository.all_nodes()), stream)


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run one export."""
    parser = argparse.ArgumentParser(prog="app.worker", description="Export all nodes as CSV.")
    parser.add_argument("--output", type=Path, help="file to write (default: standard output)")
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT, stream=sys.stderr)
    repository = GraphRepository(build_data_source(DEFAULTS["DATABASE"], DEFAULTS["SEED_FILE"]))
    if args.output is None:
        count = export_nodes(repository, sys.stdout)
    else:
        with args.output.open("w", encoding="utf-8") as stream:
            count = export_nodes(repository, stream)
    logger.info("Exported %d nodes", count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
