"""Rigs: which there are, what one is, put one back to its beginning, and delete one."""

from __future__ import annotations

import json
from typing import Any

from mockbrew import roster
from mockbrew.addressing import named
from mockbrew.admin.examples import Example, always
from mockbrew.admin.resources import Answer, Call, Desk, Narrowed, Resource, fields
from mockbrew.admin.shapes import DIGEST, NOW, RATE, RIG, RUN, STILL, array, exact, flag, known, span, whole
from mockbrew.clock import seconds
from mockbrew.stores.base import RigRow
from mockbrew.testbench.clock import number
from mockbrew.testbench.state import set_seed
from mockbrew.timeline import instant, stands_still

SEED = {"type": "integer", "description": "what noise and the chance of faults are drawn from, together with the rig's name; 0 by default"}
BODY = fields({"seed": SEED}, "seed")
ONE = known(
    {
        "rig": RIG,
        "run": RUN,
        "spec": DIGEST,
        "seed": SEED,
        "clock": known({"time": NOW, "rate": RATE, "stands_still": STILL}),
        "events": whole("how much has happened in this run: commands, patches, faults, resets"),
        "resets": whole("how often it was reset"),
        "recording": flag("whether its journal has every request"),
        "idle": span("real time since its last use, to about an hour"),
    }
)
RIGS = known({"rigs": array(ONE, "all that there are, by name")})
DELETED = known({"rig": RIG, "deleted": {"type": "boolean", "const": True}})
RESET = known({"rig": RIG, "reset": {"type": "boolean", "const": True}})
LISTS = Example("two", before=(("POST", "reset", {}), ("PUT", "/rigs/suite-1/__admin/clock", {"rate": 0})))
DELETES = Example(
    "one that was made by whatever was asked of it first", name="suite-1", before=(("POST", "/rigs/suite-1/__admin/reset", {}),)
)


def listed(desk: Desk, call: Call) -> Answer:
    """All rigs of the store, by name."""
    wall = desk.rigs.store.wall()
    return Answer({"rigs": [_described(desk, row, wall) for row in roster.listed(desk.rigs.store, wall)]})


def shown(desk: Desk, call: Call) -> Answer:
    """The rig that is spoken to."""
    wall = desk.rigs.store.wall()  # before the row, so that nothing is told beyond a clock that is frozen meanwhile
    return Answer(_described(desk, desk.rigs.row(call.rig), wall))


def put(desk: Desk, call: Call) -> Answer:
    """As long as nothing has happened to the rig."""
    set_seed(desk.rigs, call.rig, call.body["seed"], call.asked)
    return shown(desk, call)


def delete(desk: Desk, call: Call) -> Answer:
    """A rig and all that is kept of it."""
    name = named(call.name)
    if name == roster.DEFAULT:
        desk.rigs.row(name)  # it is always there, so nobody has to know whether anybody has used it yet
    roster.delete(desk.rigs.store, name)
    return Answer({"rig": name, "deleted": True})


def reset(desk: Desk, call: Call) -> Answer:
    """Plant and controllers of the rig back to the initial state of the spec."""
    said = {"rig": call.rig, "reset": True}
    desk.rigs.reset(call.rig, lambda: json.dumps(said, separators=(",", ":")).encode(), call.asked)
    return Answer(said)


def _described(desk: Desk, row: RigRow, wall: int) -> dict[str, Any]:
    """What is known of a rig at `wall` (ns) without looking at its plant."""
    return {
        "rig": row.name,
        "run": row.run,
        "spec": row.spec,
        "seed": row.seed,
        "clock": {"time": seconds(instant(row, wall)), "rate": number(row.clock.rate), "stands_still": stands_still(row, wall)},
        "events": row.events,
        "resets": row.resets,
        "recording": bool(row.recording),
        "idle": seconds(max(wall - row.used, 0)),
    }


RESOURCES = (
    Resource("GET", "rig", "say what the rig is: its run, seed, clock, and how much has happened to it", shown, reply=ONE),
    Resource(
        "PUT",
        "rig",
        "give the rig a seed, as long as nothing has happened to it",
        put,
        body=BODY,
        narrowed=Narrowed(body=lambda spec: exact(BODY)),
        reply=ONE,
        refuses=(409,),
        examples=always(
            Example("a seed", body={"seed": 7}),
            Example("too late", body={"seed": 7}, before=(("POST", "reset", {}),), status=409),
        ),
    ),
    Resource(
        "POST", "reset", "put plant and controllers back to their initial state; clock, faults, journal, snapshots stay", reset, reply=RESET
    ),
    Resource("GET", "rigs", "list the rigs that there are", listed, absent="served", reply=RIGS, examples=always(LISTS)),
    Resource(
        "DELETE",
        "rigs/{name}",
        "delete a rig with all that is kept of it",
        delete,
        absent="served",
        named=RIG,
        reply=DELETED,
        refuses=(404,),
        examples=always(DELETES),
    ),
)
