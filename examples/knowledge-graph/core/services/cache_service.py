"""In-memory cache for computed graphs, kept apart by graph type."""

import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import Any

logger = logging.getLogger(__name__)


class CacheService:
    """Cache with a time to live; each graph type has its own partition."""

    def __init__(self, ttl_seconds: float = 300.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.ttl_seconds = ttl_seconds
        self._clock = clock
        self._lock = Lock()
        self._partitions: dict[str, dict[str, tuple[float, Any]]] = {}

    def get(self, graph_type: str, key: str) -> Any:
        """Return the cached value, or None when it is absent or too old."""
        with self._lock:
            entry = self._partitions.get(graph_type, {}).get(key)
        if entry is None:
            return None
        stored_at, value = entry
        return value if self._clock() - stored_at < self.ttl_seconds else None

    def put(self, graph_type: str, key: str, value: Any) -> None:
        """Store a value, replacing an older one."""
        with self._lock:
            self._partitions.setdefault(graph_type, {})[key] = (self._clock(), value)

    def clear_cache(self, graph_type: str) -> int:
        """Drop all entries of one graph type and return how many there were."""
        with self._lock:
            removed = len(self._partitions.pop(graph_type, {}))
        logger.info("Cleared %d cache entries of graph type %s", removed, graph_type)
        return removed

    def status(self) -> dict[str, int]:
        """Return the number of entries per graph type."""
        with self._lock:
            return {graph_type: len(entries) for graph_type, entries in sorted(self._partitions.items())}
