"""`state`: everything that a rig shows now, and initial conditions for a test, set in one step."""

from __future__ import annotations

from mockbrew.admin.resources import Answer, Call, Desk, Resource, fields, refuse
from mockbrew.checks.findings import unknown
from mockbrew.conditioning import set_state, state
from mockbrew.errors import BadRequest
from mockbrew.schema import ENTRIES

ONLY = {"type": "array", "items": {"type": "string"}, "description": "a device, vessel or pipe; may be given several times"}
TABLE = {"type": "object", "description": "values by name and reading, such as {'Mashtun': {'temperature': 65}}"}


def shown(desk: Desk, call: Call) -> Answer:
    """All of it, or of a few entries."""
    only, entries = call.query.get("only", ()), desk.rigs.spec.entries
    wrong = [("only", unknown("device", name, entries)) for name in only if name not in entries]
    if wrong:
        raise BadRequest(wrong)
    return Answer(state(desk.rigs, call.rig, only))


def patched(desk: Desk, call: Call) -> Answer:
    """Checked whole, then done whole; answered is what was set, as it is afterwards."""
    refuse(set_state(desk.rigs, call.rig, call.body, call.asked))
    named = [name for table in ENTRIES for name in call.body.get(table, {})]
    return Answer(state(desk.rigs, call.rig, named))


RESOURCES = (
    Resource("GET", "state", "every reading of every device, vessel and pipe, at one instant", shown, query=fields({"only": ONLY})),
    Resource("PATCH", "state", "sets vessels and devices, all in one step", patched, body=fields(dict.fromkeys(ENTRIES, TABLE))),
)
