"""Stops of a tram line and when the next one leaves."""
from fastapi import APIRouter, HTTPException

router = APIRouter(prefix="/stops", tags=["stops"])
STOPS = {"harbour": [3, 13, 23], "theatre": [6, 16, 26], "zoo": []}


@router.get("")
def stops() -> list[str]:
    return sorted(STOPS)


@router.get("/{stop}/departures")
def departures(stop: str, limit: int = 2) -> list[int]:
    if stop not in STOPS:
        raise HTTPException(404, "no such stop")
    return STOPS[stop][:limit]
