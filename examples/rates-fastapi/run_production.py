"""Runs the application for real and lets it serve a morning's traffic.

Requests go through the whole application as a server would send them, without a socket. What happens is left in
app/logs: the application's log, and the failures with their values.
"""

import asyncio
import json
import logging
import sys
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

import guwu.capture
import httpx

from rates.main import app
from rates.state import state

LOGS = Path(__file__).resolve().parent / "app" / "logs"
#: What the process before this one had kept of its cross rates, as JSON has it.
SNAPSHOT = '{"USDJPY": {"at": "2026-03-02T07:00:00+00:00", "rate": "149.8"}}'

REQUESTS = (
    ("POST", "/feed/EURUSD", {"at": "2026-03-02T08:00:00Z", "rate": "1.0812"}),
    ("POST", "/feed/EURGBP", {"at": "2026-03-02T08:00:00Z", "rate": "0.8441"}),
    ("POST", "/feed/EURJPY", {"at": "2026-03-02T08:00:00Z", "rate": "162.40"}),
    ("GET", "/rates/EURUSD", None),
    ("GET", "/rates/EURXXX", None),
    ("GET", "/rates/EURUSD?at=2026-03-02T09:00:00Z", None),
    ("POST", "/quotes", {"base": "EUR", "target": "USD", "amount": "100", "customer": {"number": "7"}}),
    ("POST", "/quotes", {"base": "USD", "target": "GBP", "amount": "80", "customer": {"number": "7"}}),
    ("POST", "/alerts", {"pair": "EURUSD", "above": "1.09", "address": "desk@example.com"}),
    ("POST", "/feed/EURUSD", {"at": "2026-03-02T08:30:00Z", "rate": "1.0840"}),
    ("GET", "/rates/EURUSD/average", None),
    # From here on something goes wrong.
    ("GET", "/rates/EURUSD?at=2026-03-02T08:15:00", None),
    ("GET", "/rates/EURCHF/average", None),
    ("POST", "/quotes", {"base": "EUR", "target": "USD", "amount": "250.50"}),
    (
        "POST",
        "/quotes",
        {"base": "USD", "target": "JPY", "amount": "12", "customer": {"number": "8", "tier": "business"}},
    ),
    ("POST", "/feed/EURUSD", {"at": "2026-03-02T09:00:00Z", "rate": "1.0917"}),
    ("GET", "/rates/EURGBP", None),
)


async def drive() -> None:
    """Send the requests one after the other, and report the answers on standard error."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://rates.local") as client:
        for method, path, body in REQUESTS:
            response = await client.request(method, path, json=body)
            print(f"{response.status_code} {method} {path}  {response.text[:80]}", file=sys.stderr)


def main() -> int:
    """Run the whole scenario once."""
    LOGS.mkdir(parents=True, exist_ok=True)
    guwu.capture.fastapi(app)
    logging.basicConfig(
        filename=LOGS / "app.log", level=logging.INFO, format="%(asctime)s - %(name)s - %(levelname)s - %(message)s"
    )
    state.history.open("EURCHF")
    state.history.record("EURUSD", datetime(2026, 3, 1, 8, tzinfo=timezone.utc), Decimal("1.0790"))
    state.cache.load(json.loads(SNAPSHOT))
    asyncio.run(drive())
    logging.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
