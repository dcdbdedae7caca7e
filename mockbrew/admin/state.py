"""`state`: everything that a rig shows now, and initial conditions for a test, set in one step."""

from __future__ import annotations

from collections.abc import Sized

from mockbrew.admin.resources import Answer, Call, Desk, Resource, fields, refuse
from mockbrew.checks.findings import unknown
from mockbrew.errors import BadRequest
from mockbrew.schema import ENTRIES
from mockbrew.testbench.state import set_state, state

ONLY = {"type": "array", "items": {"type": "string"}, "description": "a device, vessel or pipe; may be given several times"}
MOST = 10_000  # entries in one answer, which takes some seconds
TABLE = {"type": "object", "description": "values by name and reading, such as {'Mashtun': {'temperature': 65}}"}


def shown(desk: Desk, call: Call) -> Answer:
    """All of it, or of a few entries."""
    only, entries = call.query.get("only", ()), desk.rigs.spec.entries
    wrong = [("only", unknown("device", name, entries)) for name in only if name not in entries]
    if wrong:
        raise BadRequest(wrong)
    _refuse_many("only", only or entries, "name those that you want with `only`")
    return Answer(state(desk.rigs, call.rig, only))


def patched(desk: Desk, call: Call) -> Answer:
    """Checked whole, then done whole; answered is what was set, as it is afterwards."""
    named = [name for table in ENTRIES for name in call.body.get(table, {})]
    _refuse_many("", named, "set some of them first, then the others")
    refuse(set_state(desk.rigs, call.rig, call.body, call.asked))
    return Answer(state(desk.rigs, call.rig, named))


def _refuse_many(field: str, names: Sized, instead: str) -> None:
    if len(names) > MOST:
        raise BadRequest([(field, f"{len(names)} devices, vessels and pipes are more than one answer shows, {MOST}; {instead}")])


RESOURCES = (
    Resource("GET", "state", "show every reading of every device, vessel and pipe, at one instant", shown, query=fields({"only": ONLY})),
    Resource("PATCH", "state", "set vessels and devices, all in one step", patched, body=fields(dict.fromkeys(ENTRIES, TABLE))),
)
