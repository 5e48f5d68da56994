"""API of a meter service: gateways of the tenants deliver readings."""
from flask_openapi3 import Info, OpenAPI, Tag
from pydantic import BaseModel, Field

readings_tag = Tag(name="readings", description="What the meters say")


class GatewayHeader(BaseModel):
    x_gateway_id: str
    x_tenant: str | None = None


class ReadingBody(BaseModel):
    meter: str
    kwh: float = Field(ge=0)


def create_app(store):
    app = OpenAPI("meter_api", info=Info(title="Meters", version="2.1"))

    @app.post("/readings", tags=[readings_tag])
    def add_reading(header: GatewayHeader, body: ReadingBody):
        """Takes one reading; gateways of the house's own network send no tenant."""
        tenant = header.x_tenant or "house"
        store.setdefault(tenant, []).append((header.x_gateway_id, body.meter, body.kwh))
        return {"tenant": tenant, "count": len(store[tenant])}, 201

    return app
