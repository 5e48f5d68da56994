"""The line's service; what is asked for is counted for the people who look after it."""
from fastapi import FastAPI
from prometheus_fastapi_instrumentator import Instrumentator

from .stops import router

app = FastAPI(title="Tram 7")
Instrumentator(excluded_handlers=["/metrics"]).instrument(app).expose(app, include_in_schema=False)


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


app.include_router(router)
