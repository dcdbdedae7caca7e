"""`faults`: what is to go wrong with the devices of a rig, and with the replies of its endpoints."""

from __future__ import annotations

from mockbrew.admin.resources import Answer, Call, Desk, Resource
from mockbrew.errors import BadRequest
from mockbrew.testbench.faults import delete, listed, set_faults

ONE = {"type": "object", "description": "a fault, as `faults` takes one"}
BODY = {
    "type": "object",
    "description": "a fault; or several, under `faults`, of which all are made or none",
    "properties": {"faults": {"type": "array", "items": ONE, "description": "several faults"}},
}


def shown(desk: Desk, call: Call) -> Answer:
    """All, each with how far it has got."""
    return Answer({"rig": call.rig, "faults": listed(desk.rigs, call.rig)})


def made(desk: Desk, call: Call) -> Answer:
    """One, which is the answer; or several, as they are listed."""
    several = call.body.get("faults")
    if several is not None and len(call.body) > 1:
        raise BadRequest([(name, "this stands beside a list of faults; put it into one of them") for name in call.body if name != "faults"])
    if several == []:
        raise BadRequest([("faults", "nothing is set; give at least one fault")])
    documents = {"": call.body} if several is None else {f"faults[{index}]": each for index, each in enumerate(several)}
    told = set_faults(desk.rigs, desk.router.endpoints, call.rig, documents, call.asked)
    return Answer({"rig": call.rig, **(told[0] if several is None else {"faults": told})}, status=201)


def all_deleted(desk: Desk, call: Call) -> Answer:
    """Whatever state they are in."""
    return Answer({"rig": call.rig, "deleted": delete(desk.rigs, call.rig, asked=call.asked)})


def one_deleted(desk: Desk, call: Call) -> Answer:
    """The one that the path names."""
    return Answer({"rig": call.rig, "deleted": delete(desk.rigs, call.rig, call.name, call.asked)})


RESOURCES = (
    Resource("GET", "faults", "list the faults of the rig, and how far each has got", shown),
    Resource("POST", "faults", "let a device or the transport of replies fail; all that are asked for, or none", made, body=BODY),
    Resource("DELETE", "faults", "end and forget all faults of the rig", all_deleted),
    Resource("DELETE", "faults/{name}", "end and forget one fault", one_deleted),
)
