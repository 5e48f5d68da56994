"""Fixtures shared by all tests."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from core.services.sqlite_data_source import SQLiteDataSource
from modules.knowledge_graph.backend.graph_repository import GraphRepository
from modules.knowledge_graph.backend.models import Edge, Node


@pytest.fixture
def data_source() -> Iterator[SQLiteDataSource]:
    """An in-memory database with three nodes and two edges."""
    source = SQLiteDataSource()
    repository = GraphRepository(source)
    repository.save_nodes(
        [
            Node("customer-1", "Test Customer", "customer"),
            Node("order-1", "Test Order", "order", {"currency": "EUR"}),
            Node("product-1", "Test Product", "product"),
        ]
    )
    repository.save_edges([Edge("customer-1", "order-1", "placed"), Edge("order-1", "product-1", "contains")])
    yield source
    source.close()


@pytest.fixture
def repository(data_source: SQLiteDataSource) -> GraphRepository:
    """A repository on the in-memory database."""
    return GraphRepository(data_source)


@pytest.fixture
def app(data_source: SQLiteDataSource) -> Flask:
    """The application in testing mode, on the in-memory database."""
    return create_app({"TESTING": True}, data_source=data_source)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A test client of the application."""
    return app.test_client()


@pytest.fixture
def sample_records() -> list[dict[str, Any]]:
    """Two records as a supplier feed delivers them."""
    return [
        {"id": "supplier-1", "label": "First Supplier", "kind": "Supplier", "country": "FR"},
        {"id": "supplier-2", "label": "Second Supplier"},
    ]
