"""`snapshots`: the rig as it is now, kept by name, and the rig taken back to it."""

from __future__ import annotations

from mockbrew.admin.resources import Answer, Call, Desk, Resource, fields
from mockbrew.testbench import snapshots

NAME = {"type": "string", "minLength": 1, "maxLength": 64, "description": "such as mash-in: a-z, 0-9, '.', '_', '-'"}


def told(desk: Desk, call: Call) -> Answer:
    """By name."""
    return Answer({"rig": call.rig, "snapshots": [snapshot.shown() for snapshot in snapshots.listed(desk.rigs, call.rig)]})


def taken(desk: Desk, call: Call) -> Answer:
    """At one instant, which changes nothing."""
    snapshot = snapshots.take(desk.rigs, call.rig, call.body["name"], call.asked)
    return Answer({"rig": call.rig, **snapshot.shown()}, 201)


def restored(desk: Desk, call: Call) -> Answer:
    """In a new run."""
    return Answer({"rig": call.rig, **snapshots.restore(desk.rigs, call.rig, call.name, call.asked)})


def deleted(desk: Desk, call: Call) -> Answer:
    """The rig stays as it is."""
    snapshots.delete(desk.rigs, call.rig, call.name, call.asked)
    return Answer({"rig": call.rig, "deleted": call.name})


RESOURCES = (
    Resource("GET", "snapshots", "list the snapshots of the rig", told),
    Resource("POST", "snapshots", "keep the rig as it is now", taken, body=fields({"name": NAME}, "name")),
    Resource("DELETE", "snapshots/{name}", "forget a snapshot", deleted),
    Resource("POST", "snapshots/{name}/restore", "take the rig back to a snapshot, in a new run", restored, absent="refused"),
)
