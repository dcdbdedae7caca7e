"""`provider-states`: what verifiers of Pact ask for before each interaction: the rig in a state that the pact names.

The state's words are for people. Its parameters say what it is, as `PATCH state` takes it: `{"devices": {"A": {"state": 1}}}`; without any
the rig is as after a reset. So a pact that anybody writes, in any language, is verified without code at the provider.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mockbrew.admin.examples import Example, a_patch
from mockbrew.admin.resources import Answer, Call, Desk, Narrowed, Resource, Schema, fields, refuse
from mockbrew.admin.shapes import RIG, exact, known
from mockbrew.checks.findings import Finding
from mockbrew.presets import documents, mistakes
from mockbrew.spec import Spec
from mockbrew.testbench.state import set_state

SETUP, TEARDOWN = "setup", "teardown"
STATE: Schema = {"type": ["string", "null"], "description": "the state in words, which change nothing"}
PARAMS: Schema = {"type": ["object", "null"], "description": "what the state is, as `PATCH state` takes it; none for that after a reset"}
ACTION: Schema = {"type": "string", "enum": [SETUP, TEARDOWN], "description": "setup by default; a teardown changes nothing"}
TAKEN = {
    "action": ACTION,
    "state": STATE,
    "params": PARAMS,
    "consumer": {"type": ["string", "null"], "description": "whose pact it is"},
    "states": {"type": "array", "items": {"type": "string"}, "description": "the same as `state`, as older verifiers send it"},
}
DONE = known({"rig": RIG, "action": ACTION, "state": STATE})


def put(desk: Desk, call: Call) -> Answer:
    """Reset, then set; refused whole before anything is done."""
    action, state, params = call.body.get("action", SETUP), call.body.get("state"), call.body.get("params") or {}
    refuse(Finding(("params", *found.path), found.message) for found in mistakes(desk.rigs.spec, params))
    done = {"rig": call.rig, "action": action, "state": state}
    if action == SETUP:
        _set_up(desk, call, params, done)
    return Answer(done)


def _set_up(desk: Desk, call: Call, params: dict[str, Any], done: dict[str, Any]) -> None:
    """Whoever says nothing of a device leaves it as after a reset."""
    said = {table: {name: values for name, values in entries.items() if values} for table, entries in params.items()}
    desk.rigs.reset(call.rig, lambda: json.dumps(done).encode(), call.asked)
    if any(said.values()):
        refuse(set_state(desk.rigs, call.rig, {table: entries for table, entries in said.items() if entries}, call.asked))


def _takes(spec: Spec) -> Any:
    return exact(fields({**TAKEN, "params": {"anyOf": [documents(spec), {"type": "null"}], "description": PARAMS["description"]}}))


def _examples(spec: Spec) -> Iterator[Example]:
    yield Example("as after a reset", body={"state": "the rig is as after a reset", "params": {}, "action": SETUP})
    if patch := a_patch(spec):
        yield Example("other conditions", body={"state": "something is on", "params": patch, "action": SETUP})


RESOURCES = (
    Resource(
        "POST",
        "provider-states",
        "put the rig into a state that a pact names, for its verifier: reset, then set as `PATCH state` sets",
        put,
        body=fields(TAKEN),
        narrowed=Narrowed(body=_takes),
        reply=DONE,
        examples=_examples,
    ),
)
