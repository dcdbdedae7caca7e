"""`journal`: what was asked, answered and changed; and whether it was as it should be."""

from __future__ import annotations

from mockbrew.admin.resources import CONDITION, TIME, Answer, Call, Desk, Resource, Schema, fields
from mockbrew.checks.findings import unknown
from mockbrew.errors import BadRequest
from mockbrew.journal.expectations import SORTS
from mockbrew.testbench.journal import MODES, Wanted, empty, listed, record
from mockbrew.testbench.verification import verify

MOST = 1_000  # entries in one answer
EXPECTED = 100  # expectations in one request
WHERE: Schema = {**CONDITION, "description": "a condition on entries, such as device == 'B1' and status >= 400"}
COUNT: Schema = {"type": "integer", "minimum": 0}

QUERY = fields(
    {
        "where": WHERE,
        "after": {"type": "integer", "minimum": 0, "description": "the number of an entry: those that follow it; else the last ones"},
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "description": "how many; 100 by default"},
        "run": {"type": "integer", "minimum": 0},
        "device": {"type": "string"},
    }
)
SCHEMAS = {
    "count": fields({"where": WHERE, "exactly": COUNT, "at_least": COUNT, "at_most": COUNT}, "where"),
    "never": fields({"where": WHERE}, "where"),
    "order": fields({"where": {"type": "array", "items": WHERE, "minItems": 1, "maxItems": EXPECTED}}, "where"),
    "every": fields(
        {
            "where": WHERE,
            "seconds": {"type": "number", "exclusiveMinimum": 0, "maximum": 10_000_000, "unit": "s"},
            "while": {**CONDITION, "description": "a condition on readings, such as PID1.on"},
        },
        "where",
        "seconds",
    ),
}
EXPECTATION = fields({**{sort: SCHEMAS[sort] for sort in SORTS}, "from": TIME, "until": TIME})
EXPECT: Schema = {"type": "array", "items": EXPECTATION, "minItems": 1, "maxItems": EXPECTED}
RECORD: Schema = {"type": "string", "enum": list(MODES)}


def told(desk: Desk, call: Call) -> Answer:
    """Oldest first."""
    device, entries = call.query.get("device"), desk.rigs.spec.entries
    if device is not None and device not in entries:
        raise BadRequest([("device", unknown("device", device, entries))])
    return Answer(listed(desk.rigs, call.rig, Wanted(**call.query)))


def emptied(desk: Desk, call: Call) -> Answer:
    """Numbers go on."""
    empty(desk.rigs, call.rig)
    return Answer({"rig": call.rig, "entries": []})


def put(desk: Desk, call: Call) -> Answer:
    """Commands are recorded in either case."""
    record(desk.rigs, call.rig, call.body["record"], call.asked)
    return Answer({"rig": call.rig, "record": call.body["record"]})


def verified(desk: Desk, call: Call) -> Answer:
    """A problem with all that is not so, if anything is not."""
    return Answer({"rig": call.rig, **verify(desk.rigs, call.rig, call.body)})


RESOURCES = (
    Resource("GET", "journal", "list entries of the journal: what was asked, answered and changed", told, query=QUERY),
    Resource("PUT", "journal", "record every request from now on, or commands only", put, body=fields({"record": RECORD}, "record")),
    Resource("DELETE", "journal", "empty the journal", emptied),
    Resource(
        "POST",
        "journal/verify",
        "check counts, order, what never happened and what happened every so often",
        verified,
        body=fields({"expect": EXPECT}, "expect"),
        absent="refused",
    ),
)
