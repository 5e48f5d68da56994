"""The contract every data source fulfils."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any


class DataSource(ABC):
    """Read and write access to a relational store."""

    @abstractmethod
    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Run a SELECT and return one dict per row."""

    @abstractmethod
    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Run a statement once per row in one transaction; return the number of changed rows."""

    @abstractmethod
    def close(self) -> None:
        """Release the connection."""
