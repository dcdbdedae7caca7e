"""`snapshots`: the rig as it is now, kept by name, and the rig taken back to it."""

from __future__ import annotations

from mockbrew.admin.examples import Example, always
from mockbrew.admin.resources import Answer, Call, Desk, Narrowed, Resource, fields
from mockbrew.admin.shapes import NOW, RATE, RIG, RUN, WALL, array, exact, known, text, whole
from mockbrew.roster import NAME as PATTERN
from mockbrew.testbench import snapshots
from mockbrew.testbench.restoring import restore

NAME = {"type": "string", "minLength": 1, "maxLength": 64, "description": "such as mash-in: a-z, 0-9, '.', '_', '-'"}
NAMED = text("its name, such as mash-in: a-z, 0-9, '.', '_', '-'", pattern=PATTERN.pattern)
ONE = {
    "name": NAMED,
    "run": {**RUN, "description": "the run that it was taken of"},
    "time": {**NOW, "description": "virtual time of that run [s]"},
    "taken": WALL,
    "rate": {**RATE, "description": "of its clock then"},
    "size": whole("characters that it takes"),
}
SNAPSHOTS = known({"rig": RIG, "snapshots": array(known(ONE), "by name")})
TAKEN = known({"rig": RIG, **ONE})
RESTORED = known({"rig": RIG, "restored": NAMED, "run": {**RUN, "description": "the new run"}, "time": NOW, "rate": RATE})
DELETED = known({"rig": RIG, "deleted": NAMED})

TAKES = ("POST", "snapshots", {"name": "mash-in"})
ONE_OF_NONE = Example("one that there is not", name="mash-out", before=(TAKES,), status=404)


def told(desk: Desk, call: Call) -> Answer:
    """By name."""
    return Answer({"rig": call.rig, "snapshots": [snapshot.shown() for snapshot in snapshots.listed(desk.rigs, call.rig)]})


def taken(desk: Desk, call: Call) -> Answer:
    """At one instant, which changes nothing."""
    snapshot = snapshots.take(desk.rigs, call.rig, call.body["name"], call.asked)
    return Answer({"rig": call.rig, **snapshot.shown()}, 201)


def restored(desk: Desk, call: Call) -> Answer:
    """In a new run."""
    return Answer({"rig": call.rig, **restore(desk.rigs, call.rig, call.name, call.asked)})


def deleted(desk: Desk, call: Call) -> Answer:
    """The rig stays as it is."""
    snapshots.delete(desk.rigs, call.rig, call.name, call.asked)
    return Answer({"rig": call.rig, "deleted": call.name})


RESOURCES = (
    Resource(
        "GET",
        "snapshots",
        "list the snapshots of the rig",
        told,
        reply=SNAPSHOTS,
        examples=always(Example("one", before=(TAKES,)), Example("none")),
    ),
    Resource(
        "POST",
        "snapshots",
        "keep the rig as it is now",
        taken,
        body=fields({"name": NAME}, "name"),
        narrowed=Narrowed(body=lambda spec: exact(fields({"name": NAMED}, "name"))),
        reply=TAKEN,
        status=201,
        refuses=(409,),
        examples=always(
            Example("a name", body={"name": "mash-in"}),
            Example("a name that is taken", body={"name": "mash-in"}, before=(TAKES,), status=409),
        ),
    ),
    Resource(
        "DELETE",
        "snapshots/{name}",
        "forget a snapshot",
        deleted,
        named=exact(NAMED),
        reply=DELETED,
        refuses=(404,),
        examples=always(Example("one that there is", name="mash-in", before=(TAKES,)), ONE_OF_NONE),
    ),
    Resource(
        "POST",
        "snapshots/{name}/restore",
        "take the rig back to a snapshot, in a new run",
        restored,
        absent="refused",
        named=exact(NAMED),
        reply=RESTORED,
        refuses=(404, 409),
        examples=always(
            Example("an hour later", name="mash-in", before=(TAKES, ("POST", "clock/advance", {"seconds": 3600}))), ONE_OF_NONE
        ),
    ),
)
