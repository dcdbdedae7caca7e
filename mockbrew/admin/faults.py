"""`faults`: what is to go wrong with the devices of a rig, and with the replies of its endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockbrew.admin.examples import Example, always
from mockbrew.admin.resources import Answer, Call, Desk, Narrowed, Resource
from mockbrew.admin.shapes import NOW, RIG, array, exact, flag, known, text, whole
from mockbrew.errors import BadRequest
from mockbrew.faults import schemas
from mockbrew.faults.transport import NAME
from mockbrew.spec import Spec
from mockbrew.testbench.faults import delete, listed, set_faults

ONE = {"type": "object", "description": "a fault, as `faults` takes one"}
BODY = {
    "type": "object",
    "description": "a fault; or several, under `faults`, of which all are made or none",
    "properties": {"faults": {"type": "array", "items": ONE, "description": "several faults"}},
}

NAMED = exact(text("its name, by which it is deleted", pattern=NAME))
SHOWN: Mapping[str, Any] = {
    "name": NAMED,
    "fault": text("its sort"),
    "device": text("the device that it is of; of a fault of transport, whose requests it is about"),
    "endpoint": text("which requests it is about"),
    "probability": {"type": "number", "minimum": 0, "maximum": 1, "description": "with which it hits"},
    "seed": {"type": "integer", "description": "what it draws from; without, it is the rig's"},
    "count": whole("how often it hits", minimum=1),
    "from": {**NOW, "description": "virtual time at which it begins [s]"},
    "until": {**NOW, "description": "virtual time at which it ends [s]"},
    "applied": flag("of a fault of transport: whether a command that it hits is carried out"),
    "announce": flag("of a fault of transport: whether replies name it"),
    "state": text("where it stands", enum=["waiting", "acting", "over"]),
    "matched": whole("occasions, or requests, that it has been drawn for"),
    "hits": whole("how many of these it has hit"),
}
OPTIONAL = ("device", "endpoint", "seed", "count", "until", "applied", "announce")
DELETED = known({"rig": RIG, "deleted": array(NAMED, "those that are gone")})

DELAYS = {"name": "slow-line", "fault": "delay", "seconds": 2.5}
MAKES = ("POST", "faults", DELAYS)


def _one(more: Mapping[str, Any], **rest: Any) -> dict[str, Any]:
    """What a fault shows. more: what is said of some sorts only; rest: of fields that are not known."""
    return {**known({**SHOWN, **more}, *OPTIONAL, *more), "title": "a fault as it stands", **rest}


def _list(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**known({"rig": RIG, "faults": array(one, "in the order of their making")}), "title": "faults as they stand"}


def _reply(one: Mapping[str, Any]) -> dict[str, Any]:
    """One, or several."""
    alone = {
        **one,
        "title": "a fault as it was made",
        "properties": {"rig": RIG, **one["properties"]},
        "required": ["rig", *one["required"]],
    }
    return {"oneOf": [alone, _list(one)]}


ANY = _one({}, additionalProperties={"type": ["number", "string"], "description": "what its sort takes"})


def _of_spec(spec: Spec) -> dict[str, Any]:
    one = _one(schemas.parameters(spec))
    return {**one, "properties": {**one["properties"], "fault": {**SHOWN["fault"], "enum": schemas.sorts(spec)}}}


def _takes(spec: Spec) -> Any:
    """One, or several; a schema can't say that their names differ."""
    one = schemas.asked(spec)
    several = {"type": "object", "title": "several", "properties": {"faults": array(one, "all of them are made, or none", minItems=1)}}
    return exact({"oneOf": [one, {**several, "required": ["faults"], "additionalProperties": False}]})


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


def _makes(spec: Spec) -> Iterator[Example]:
    """One of a device that needs no parameters, one of transport, several."""
    broken = next(
        (
            {"fault": sort, "device": name, "from": 600}
            for name, entry in spec.entries.items()
            for sort, failure in entry.device.failures.items()
            if not failure.parameters
        ),
        None,
    )
    several = [DELAYS, {"fault": "status", "code": 503, "probability": 0.1}]
    if broken is not None:
        yield Example("of a device, from ten minutes on", body=broken)
    yield Example("of transport", body=DELAYS)
    yield Example("several", body={"faults": several if broken is None else [broken, *several]})
    yield Example("a name that is taken", body=DELAYS, before=(MAKES,), status=409)


RESOURCES = (
    Resource(
        "GET",
        "faults",
        "list the faults of the rig, and how far each has got",
        shown,
        reply=_list(ANY),
        narrowed=Narrowed(reply=lambda spec: _list(_of_spec(spec))),
        examples=always(Example("one", before=(MAKES,)), Example("none")),
    ),
    Resource(
        "POST",
        "faults",
        "let a device or the transport of replies fail; all that are asked for, or none",
        made,
        body=BODY,
        narrowed=Narrowed(body=_takes, reply=lambda spec: _reply(_of_spec(spec))),
        reply=_reply(ANY),
        status=201,
        refuses=(409,),
        examples=_makes,
    ),
    Resource(
        "DELETE",
        "faults",
        "end and forget all faults of the rig",
        all_deleted,
        reply=DELETED,
        examples=always(Example("all that there are", before=(MAKES,))),
    ),
    Resource(
        "DELETE",
        "faults/{name}",
        "end and forget one fault",
        one_deleted,
        named=NAMED,
        reply=DELETED,
        refuses=(404,),
        examples=always(
            Example("one that there is", name="slow-line", before=(MAKES,)),
            Example("one that there is not", name="slow-lane", before=(MAKES,), status=404),
        ),
    ),
)
