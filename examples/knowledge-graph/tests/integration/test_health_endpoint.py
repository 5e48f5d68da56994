"""Integration test of the wired application."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.integration
class TestHealthEndpoint:
    def test_health_answers_ok(self, client: FlaskClient) -> None:
        # ACT
        response = client.get("/api/health")

        # ASSERT
        assert response.status_code == 200
        assert response.get_json() == {"status": "ok"}
