"""Readings of water meters, as a Lambda function: reported by meters, asked for by the billing function."""
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from pydantic import BaseModel, Field

app = APIGatewayRestResolver(enable_validation=True)
readings = {"W-1001": [412, 418], "W-1002": [97]}


class Reading(BaseModel):
    meter: str
    litres: int = Field(ge=0)


@app.get("/meters/<meter>/readings")
def list_readings(meter: str) -> list[int]:
    return readings.get(meter, [])


@app.post("/readings")
def report(reading: Reading) -> dict[str, int]:
    kept = readings.setdefault(reading.meter, [])
    kept.append(reading.litres)
    return {"readings": len(kept)}


def lambda_handler(event, context):
    return app.resolve(event, context)
