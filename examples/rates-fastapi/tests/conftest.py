from datetime import datetime, timezone
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient

from rates.history import History
from rates.main import app
from rates.state import State, get_alerts, get_history, get_quotes


@pytest.fixture
def state():
    """What a process would hold, fresh for each test."""
    fresh = State()
    for pair, rate in (("EURUSD", "1.08"), ("EURGBP", "0.84")):
        fresh.history.record(pair, datetime(2026, 3, 1, tzinfo=timezone.utc), Decimal(rate))
    return fresh


@pytest.fixture
def client(state):
    """A client of the application on that state."""
    app.dependency_overrides = {
        get_history: lambda: state.history,
        get_quotes: lambda: state.quotes,
        get_alerts: lambda: state.alerts,
    }
    yield TestClient(app)
    app.dependency_overrides = {}


@pytest.fixture
def history():
    """No points at all."""
    return History()
