"""Unit tests of the nightly import; importer and repository are mocked."""

from pathlib import Path
from unittest.mock import Mock, patch

import pytest

from app.jobs.nightly_import import run_nightly_import
from modules.knowledge_graph.backend.models import Node


@pytest.mark.unit
class TestRunNightlyImport:
    @patch("app.jobs.nightly_import.normalise_rows")
    def test_saves_the_nodes_of_every_feed(self, mock_normalise: Mock, tmp_path: Path) -> None:
        # ARRANGE
        for name in ("a.json", "b.json"):
            (tmp_path / name).write_text("[]", encoding="utf-8")
        mock_normalise.return_value = [Node("n", "N")]
        repository = Mock()
        repository.save_nodes.return_value = 1

        # ACT
        summary = run_nightly_import(tmp_path, repository)

        # ASSERT
        assert summary == {"imported": 2, "failed_feeds": 0}

    def test_broken_feed_does_not_stop_the_others(self, tmp_path: Path) -> None:
        # ARRANGE
        (tmp_path / "a.json").write_text("not json", encoding="utf-8")
        (tmp_path / "b.json").write_text("[]", encoding="utf-8")
        repository = Mock()
        repository.save_nodes.return_value = 0

        # ACT
        summary = run_nightly_import(tmp_path, repository)

        # ASSERT
        assert summary["failed_feeds"] == 1
        assert repository.save_nodes.call_count == 1
