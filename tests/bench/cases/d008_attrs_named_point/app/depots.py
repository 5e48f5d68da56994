"""Depot service: what stands on the map."""
import json
import sqlite3
from typing import List, NamedTuple, Optional

import attrs
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response


class Position(NamedTuple):
    latitude: float
    longitude: float


@attrs.define
class Gate:
    name: str
    width: float


@attrs.define
class Depot:
    code: str
    gates: List[Gate] = attrs.field(factory=list)
    position: Optional[Position] = None


def open_database():
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE depots (code TEXT PRIMARY KEY, latitude REAL, longitude REAL)")
    database.execute("CREATE TABLE gates (depot TEXT, name TEXT, width REAL)")
    database.executemany(
        "INSERT INTO depots VALUES (?, ?, ?)", [("HAM", None, None), ("BRE", 53.0793, 8.8017)]
    )
    database.executemany("INSERT INTO gates VALUES (?, ?, ?)", [("HAM", "north", 3.5), ("BRE", "quay", 6.0)])
    return database


class Service:
    urls = Map([Rule("/depots/<code>", endpoint="depot")])

    def __init__(self, database):
        self.database = database

    def depot(self, code):
        row = self.database.execute("SELECT latitude, longitude FROM depots WHERE code = ?", (code,)).fetchone()
        if row is None:
            raise NotFound(f"no depot {code}")
        gates = self.database.execute("SELECT name, width FROM gates WHERE depot = ?", (code,))
        found = Depot(code, [Gate(*gate) for gate in gates])
        if row[0] is not None:
            found.position = Position(*row)
        return Response(json.dumps(attrs.asdict(found)), mimetype="application/json")

    @Request.application
    def __call__(self, request):
        try:
            endpoint, values = self.urls.bind_to_environ(request.environ).match()
            return getattr(self, endpoint)(**values)
        except HTTPException as error:
            return error
