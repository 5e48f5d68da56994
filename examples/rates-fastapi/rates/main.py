"""The application and its routes."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import BackgroundTasks, Depends, FastAPI, Request, Response

from rates.alerts import AlertBook
from rates.errors import register_errors
from rates.history import History
from rates.models import Alert, Point, Quote, QuoteRequest
from rates.quotes import QuoteService
from rates.state import get_alerts, get_history, get_quotes

logger = logging.getLogger(__name__)

app = FastAPI(title="Rates")
register_errors(app)

HistoryOf = Annotated[History, Depends(get_history)]
QuotesOf = Annotated[QuoteService, Depends(get_quotes)]
AlertsOf = Annotated[AlertBook, Depends(get_alerts)]


@app.middleware("http")
async def log_request(request: Request, call_next: Callable[[Request], Any]) -> Response:
    """Log every request with its duration."""
    started = time.perf_counter()
    response: Response = await call_next(request)
    spent = (time.perf_counter() - started) * 1000
    logger.info("%s %s -> %d (%.1f ms)", request.method, request.url.path, response.status_code, spent)
    return response


@app.get("/rates/{pair}")
def rate_of(pair: str, history: HistoryOf, at: datetime | None = None) -> Point:
    """The rate of a pair, now or at a moment."""
    return history.latest(pair) if at is None else history.at(pair, at)


@app.get("/rates/{pair}/average")
def average_of(pair: str, history: HistoryOf) -> dict[str, Any]:
    """The mean rate of a pair."""
    return {"pair": pair, "average": str(history.average(pair))}


@app.post("/quotes")
def quote(request: QuoteRequest, quotes: QuotesOf) -> Quote:
    """A price for an amount."""
    return quotes.quote(request)


@app.post("/alerts", status_code=201)
def add_alert(alert: Alert, alerts: AlertsOf) -> dict[str, int]:
    """Wait for a rate."""
    alerts.add(alert)
    return {"waiting": len(alerts.waiting)}


@app.post("/feed/{pair}", status_code=202)
def feed(pair: str, point: Point, history: HistoryOf, alerts: AlertsOf, tasks: BackgroundTasks) -> dict[str, str]:
    """A new point of a pair; who waits for it is told afterwards."""
    history.record(pair, point.at, Decimal(point.rate))
    tasks.add_task(alerts.notify, pair, point.rate)
    return {"pair": pair}
