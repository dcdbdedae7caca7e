"""`state`: everything that a rig shows now, and initial conditions for a test, set in one step."""

from __future__ import annotations

from collections.abc import Iterator, Sized
from typing import Any

from mockbrew.admin.examples import Example, a_patch, some
from mockbrew.admin.resources import Answer, Call, Desk, Narrowed, Resource, Schema, fields, refuse
from mockbrew.admin.shapes import NOW, RIG, RUN, VALUE, exact, known, open_to
from mockbrew.checks.findings import unknown
from mockbrew.errors import BadRequest
from mockbrew.presets import settable
from mockbrew.reply_schemas import described
from mockbrew.schema import ENTRIES, table_of
from mockbrew.spec import Spec
from mockbrew.testbench.state import set_state, state

ONLY = {"type": "array", "items": {"type": "string"}, "description": "a device, vessel or pipe; may be given several times"}
MOST = 10_000  # entries in one answer, which takes some seconds
SHOWN = 100  # in an example
QUERY = fields({"only": ONLY})
TABLE = {"type": "object", "description": "values by name and reading, such as {'Mashtun': {'temperature': 65}}"}

HEAD = {"rig": RIG, "run": RUN, "time": NOW}
STATE = known({**HEAD, **{table: open_to(open_to(VALUE, "by reading"), f"the {table}, by name") for table in ENTRIES}})


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


def _only(spec: Spec) -> Schema:
    """No entries but those of the spec."""
    only = {**ONLY, "items": {"type": "string", "enum": list(spec.entries)}, "minItems": 1}
    return fields({"only": only}) if spec.entries else fields({})


def _told(spec: Spec) -> dict[str, Any]:
    """Every entry with all its readings; which entries are shown depends on what is asked for."""
    tables: dict[str, dict[str, Any]] = {table: {} for table in ENTRIES}
    for name, entry in spec.entries.items():
        device = entry.device
        tables[table_of(device.kind)][name] = known({reading: described(each) for reading, each in device.readings.items()})
    return known({**HEAD, **{table: known(each, *each) for table, each in tables.items()}})


def _takes(spec: Spec) -> Any:
    return exact(settable(spec))


def _shows(spec: Spec) -> Iterator[Example]:
    few = some(spec)
    if len(few) < len(spec.entries):
        yield Example("some", query={"only": few})
    if len(spec.entries) <= SHOWN:
        yield Example("everything")


def _sets(spec: Spec) -> Iterator[Example]:
    patch = a_patch(spec)
    if patch:
        yield Example("other conditions", body=patch)


RESOURCES = (
    Resource(
        "GET",
        "state",
        "show every reading of every device, vessel and pipe, at one instant",
        shown,
        query=QUERY,
        narrowed=Narrowed(query=_only, reply=_told),
        reply=STATE,
        examples=_shows,
    ),
    Resource(
        "PATCH",
        "state",
        "set vessels and devices, all in one step",
        patched,
        body=fields(dict.fromkeys(ENTRIES, TABLE)),
        narrowed=Narrowed(body=_takes, reply=_told),
        reply=STATE,
        examples=_sets,
    ),
)
