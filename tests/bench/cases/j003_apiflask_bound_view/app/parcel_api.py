"""API of a parcel service."""
from apiflask import APIFlask, Schema
from apiflask.fields import Integer, String


class ParcelOut(Schema):
    id = Integer()
    state = String()


class Probes:
    """What the load balancer asks for."""

    def __init__(self, release):
        self.release = release
        self.draining = False

    def health(self):
        """Tells whether this instance takes requests."""
        return {"release": self.release, "status": "draining" if self.draining else "ok"}


def create_app(release="2024.3"):
    app = APIFlask("parcel_api", title="Parcels", version="1.0")
    probes = Probes(release)

    @app.get("/parcels/<int:parcel_id>")
    @app.output(ParcelOut)
    def get_parcel(parcel_id):
        """Where a parcel is."""
        return {"id": parcel_id, "state": "in transit"}

    app.add_url_rule("/health", "health", probes.health)
    return app
