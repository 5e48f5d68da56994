"""Errors that a client can cause, and the answers to them."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


class RateError(Exception):
    """Base of all errors that a client can cause."""

    status_code = 400


class UnknownPair(RateError):
    """There is no rate for this pair."""

    status_code = 404


class NoRate(RateError):
    """There was no rate at that time."""

    status_code = 404


def register_errors(app: FastAPI) -> None:
    """Answer errors of clients as JSON."""

    @app.exception_handler(RateError)
    async def answer(request: Request, error: RateError) -> JSONResponse:
        return JSONResponse({"error": str(error)}, status_code=error.status_code)
