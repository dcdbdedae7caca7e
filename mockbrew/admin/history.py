"""`history`: what readings were between two instants, as JSON or CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockbrew.admin.examples import Example, a_reading
from mockbrew.admin.resources import TIME, Answer, Call, Desk, Narrowed, Resource, fields
from mockbrew.admin.shapes import RIG, RUN, VALUE, array, known, open_to, span, text
from mockbrew.errors import BadRequest
from mockbrew.reply_schemas import described, escaped
from mockbrew.spec import Spec
from mockbrew.testbench.history import POINTS, READINGS, ROWS, history, wanted

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

TIMES = array(span("virtual time"), "the instants, in their order", minItems=1)
VALUES = array(VALUE, "its values at these instants")
HISTORY = known({"rig": RIG, "run": RUN, "times": TIMES, "readings": open_to(VALUES, "by reading, as DEVICE.READING")})
TABLE = text("a line of names, `time` and the readings as DEVICE.READING; then a line for each instant. null is empty")


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


def _narrowed(spec: Spec) -> dict[str, Any]:
    """No readings but those of the spec."""
    devices = {name: entry.device for name, entry in spec.entries.items() if entry.device.readings}
    words = [*devices, *(f"{name}.{reading}" for name, device in devices.items() for reading in device.readings)]
    reading = {**READING, "items": {"type": "string", "enum": words}, "minItems": 1, "maxItems": READINGS}
    return {**QUERY, "properties": {**QUERY["properties"], "reading": reading}}


def _shown(spec: Spec) -> dict[str, Any]:
    """Each with the values that it can have; all that can have the same are one pattern."""
    names: dict[str, list[str]] = {}
    schemas: dict[str, Mapping[str, Any]] = {}
    for name, entry in spec.entries.items():
        for reading, each in entry.device.readings.items():
            schema = described(each)
            key = repr(schema)
            schemas[key] = schema
            names.setdefault(key, []).append(escaped(f"{name}.{reading}"))
    patterns = {f"^(?:{'|'.join(each)})$": array(schemas[key], "at these instants") for key, each in names.items()}
    readings = {"type": "object", "patternProperties": patterns, "additionalProperties": False, "description": "by reading"}
    return {**HISTORY, "properties": {**HISTORY["properties"], "readings": readings}}


def _shows(spec: Spec) -> Iterator[Example]:
    reading = a_reading(spec)
    if reading is not None:
        hour = (("POST", "clock/advance", {"seconds": 3600}),)
        yield Example("every half hour", query={"reading": [reading], "points": 3}, before=hour)
        yield Example("as CSV", query={"reading": [reading], "points": 3, "format": "csv"}, before=hour)


RESOURCES = (
    Resource(
        "GET",
        "history",
        "tell readings between two instants of virtual time, computed from the event log",
        told,
        query=QUERY,
        narrowed=Narrowed(query=_narrowed, reply=_shown),
        reply=HISTORY,
        also={CSV: TABLE},
        refuses=(410,),
        examples=_shows,
    ),
)
