"""`history`: what readings were between two instants, as JSON or CSV."""

from __future__ import annotations

from mockbrew.admin.resources import TIME, Answer, Call, Desk, Resource, fields
from mockbrew.errors import BadRequest
from mockbrew.testbench.history import POINTS, ROWS, history, wanted

CSV = "text/csv; charset=utf-8"
READING = {"type": "array", "items": {"type": "string"}, "description": "such as reading=Temp1&reading=Mashtun.volume"}
QUERY = fields(
    {
        "reading": READING,
        "from": TIME,
        "until": TIME,
        "points": {"type": "integer", "minimum": 2, "maximum": ROWS, "description": f"how many, evenly; {POINTS} by default"},
        "at": {"type": "string", "enum": ["boundaries"], "description": "every instant at which a law changes, instead of points"},
        "format": {"type": "string", "enum": ["json", "csv"]},
    },
    "reading",
)


def told(desk: Desk, call: Call) -> Answer:
    """Computed anew from the event log."""
    query = call.query
    if "at" in query and "points" in query:
        raise BadRequest([("points", "either so many points, or every boundary; leave one of them out")])
    points = None if "at" in query else query.get("points", POINTS)
    readings = wanted(desk.rigs, query["reading"])
    found = history(desk.rigs, call.rig, readings, query.get("from"), query.get("until"), points)
    if query.get("format") == "csv":
        return Answer(found.table(), content_type=CSV)
    return Answer({"rig": call.rig, **found.document()})


RESOURCES = (
    Resource("GET", "history", "tell readings between two instants of virtual time, computed from the event log", told, query=QUERY),
)
