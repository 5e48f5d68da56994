"""Unit tests of the cache service."""

import pytest

from core.services.cache_service import CacheService


@pytest.mark.unit
class TestCacheService:
    def test_get_returns_stored_value(self) -> None:
        # ARRANGE
        cache = CacheService()
        cache.put("schema", "graph", {"nodes": []})

        # ACT
        value = cache.get("schema", "graph")

        # ASSERT
        assert value == {"nodes": []}

    def test_get_ignores_expired_value(self) -> None:
        # ARRANGE
        now = [0.0]
        cache = CacheService(ttl_seconds=10, clock=lambda: now[0])
        cache.put("schema", "graph", "old")

        # ACT
        now[0] = 10.0

        # ASSERT
        assert cache.get("schema", "graph") is None

    def test_clear_cache_keeps_other_graph_types(self) -> None:
        # ARRANGE
        cache = CacheService()
        cache.put("schema", "graph", 1)
        cache.put("data", "graph", 2)

        # ACT
        removed = cache.clear_cache("schema")

        # ASSERT
        assert removed == 1
        assert cache.status() == {"data": 1}
