"""`journal`: what was asked, answered and changed; and whether it was as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockbrew.admin.examples import Example, a_command, always, conditions
from mockbrew.admin.resources import CONDITION, TIME, Answer, Call, Desk, Narrowed, Resource, Schema, fields
from mockbrew.admin.shapes import NEAR, NOW, RATE, RIG, RUN, VALUE, WALL, array, exact, flag, known, open_to, span, text, whole
from mockbrew.checks.findings import unknown
from mockbrew.errors import BadRequest
from mockbrew.journal.expectations import BOUNDS, SORTS
from mockbrew.spec import Spec
from mockbrew.testbench.journal import MODES, Wanted, empty, listed, record
from mockbrew.testbench.verification import verify

MOST = 1_000  # entries in one answer
EXPECTED = 100  # expectations in one request
WHERE: Schema = {
    **CONDITION,
    "format": "journal-condition",  # it knows other words than one on readings
    "description": "a condition on entries, such as device == 'B1' and status >= 400",
    "examples": ["status >= 400", "verb != null", "true"],
}
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
RECORD: Schema = {"type": "string", "enum": list(MODES), "description": "which requests go to the journal"}

HEAD = {
    "number": whole("counts all entries of the rig", minimum=1),
    "run": {**RUN, "description": "the run in which it was"},
    "rig": RIG,
    "time": NOW,
    "wall": WALL,
}
SAID = {
    "event": whole("the number of what changed, in the rig's log"),
    "method": text("of the request; empty where nobody asked"),
    "url": text("of the request, without the prefix of the rig"),
    "device": {"type": ["string", "null"], "description": "what it was about; null for the rig"},
    "verb": {"type": ["string", "null"], "description": "the command"},
    "arguments": {"type": "object", "description": "of the command; texts where it was refused"},
    "status": whole("of the reply; 0 where the connection was closed instead"),
    "reply": text("its body"),
    "changes": open_to(
        open_to(array(VALUE, "before and after", minItems=2, maxItems=2), "by reading"), "what the command changed, by device"
    ),
    "unmatched": text("of a request that no endpoint took: what of it was wrong", enum=["path", "method", "argument"]),
    "near": array(NEAR, "what comes nearest to it, the nearest first"),
    "fault": text("the faults of transport that hit it"),
    "applied": flag("false where a fault kept the command from being carried out"),
    "cut": flag("whether something was too long to be kept whole"),
    "clock": known({"time": NOW, "rate": RATE}),
    "waited": span("virtual time until the condition held"),
    "recorded": array({"type": "integer"}, "whether requests were recorded, before and after", minItems=2, maxItems=2),
    "unjudged": flag("whether some of what the rig went through was not judged for hazards"),
}
ENTRY = known({**HEAD, **SAID}, *SAID)
JOURNAL = known(
    {
        "rig": RIG,
        "record": RECORD,
        "entries": array(ENTRY, "oldest first"),
        "next": whole("what to give as `after` to get those that follow"),
    }
)
EMPTY = known({"rig": RIG, "entries": array({}, "none", maxItems=0)})
RECORDING = known({"rig": RIG, "record": RECORD})
GAP = known({"from": NOW, "until": NOW, "seconds": span("how long")})
CHECKED = known(
    {
        "field": text("which expectation"),
        "passed": {"type": "boolean", "const": True},
        "message": text("what was found and what was expected"),
        "found": whole("how many entries"),
        "stretches": whole("in how many stretches of time it was looked for"),
        "gaps": array(GAP, "the first ones without an entry for too long"),
        "entries": array(ENTRY, "the first ones that show it"),
        "near": array(ENTRY, "the first ones that nearly are what was expected"),
    },
    *("found", "stretches", "gaps", "entries", "near"),
)
VERIFIED = known(
    {"passed": {"type": "boolean", "const": True}, "rig": RIG, "run": RUN, "time": NOW, "checked": array(CHECKED, "by expectation")}
)


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


def _asks(spec: Spec) -> Any:
    """No devices but those of the spec."""
    device = {"device": {"type": "string", "enum": list(spec.entries)}} if spec.entries else {}
    return exact({**QUERY, "properties": {**{name: each for name, each in QUERY["properties"].items() if name != "device"}, **device}})


def _takes(spec: Spec) -> Any:
    """Each expectation is of one sort, and a count has some bound."""
    held = {"while": {**SCHEMAS["every"]["properties"]["while"], "examples": conditions(spec)}}
    every = {**SCHEMAS["every"], "properties": {**SCHEMAS["every"]["properties"], **held}}
    count = {**SCHEMAS["count"], "anyOf": [{"required": [name]} for name in BOUNDS]}
    sorts = {**SCHEMAS, "count": count, "every": every}
    each = [fields({sort: sorts[sort], "from": TIME, "until": TIME}, sort) for sort in SORTS]
    return exact(fields({"expect": {**EXPECT, "items": {"type": "object", "oneOf": each}}}, "expect"))


def _shows(spec: Spec) -> Iterator[Example]:
    command = a_command(spec)
    if command is not None:
        yield Example("one command", before=(("GET", command.sample, {}),))
    yield Example("nothing that fits", query={"where": "status >= 400", "limit": 10})


def _checks(spec: Spec) -> Iterator[Example]:
    command = a_command(spec)
    if command is not None:
        asked: Any = (("GET", command.sample, {}),)
        where = f"device == '{command.endpoint.device}'"
        yield Example(
            "exactly one command", body={"expect": [{"count": {"where": f"{where} and verb != null", "exactly": 1}}]}, before=asked
        )
        yield Example("as it was not", body={"expect": [{"never": {"where": where}}]}, before=asked, status=409)
    yield Example("no command to come to nothing", body={"expect": [{"never": {"where": "verb != null and status >= 400"}}]})


RESOURCES = (
    Resource(
        "GET",
        "journal",
        "list entries of the journal: what was asked, answered and changed",
        told,
        query=QUERY,
        narrowed=Narrowed(query=_asks),
        reply=JOURNAL,
        examples=_shows,
    ),
    Resource(
        "PUT",
        "journal",
        "record every request from now on, or commands only",
        put,
        body=fields({"record": RECORD}, "record"),
        reply=RECORDING,
        examples=always(Example("every request", body={"record": "requests"})),
    ),
    Resource("DELETE", "journal", "empty the journal", emptied, reply=EMPTY),
    Resource(
        "POST",
        "journal/verify",
        "check counts, order, what never happened and what happened every so often",
        verified,
        body=fields({"expect": EXPECT}, "expect"),
        absent="refused",
        narrowed=Narrowed(body=_takes),
        reply=VERIFIED,
        refuses=(409,),
        examples=_checks,
    ),
)
