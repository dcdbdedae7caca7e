"""`clock`: virtual time. What it is and how fast it goes, a jump, and a jump to the first instant at which a condition holds."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from mockbrew.admin.examples import Example, Examples, a_vessel, always, conditions
from mockbrew.admin.resources import CONDITION, TIME, Answer, Call, Desk, Narrowed, Resource, Schema, fields
from mockbrew.admin.shapes import AT_HORIZON, NOW, RIG, STILL, known, span
from mockbrew.admin.shapes import RATE as AT_RATE
from mockbrew.clock import HORIZON, SECOND, nanoseconds, seconds
from mockbrew.errors import BadCondition, BadRequest
from mockbrew.spec import Spec
from mockbrew.testbench.clock import FASTEST, Shown, Timekeeper, number
from mockbrew.testbench.run_until import run_until

DAYS = HORIZON // SECOND
RATE = {"type": "number", "minimum": 0, "maximum": FASTEST, "description": "virtual seconds per second; 0 freezes"}
LATER = {**TIME, "description": "virtual time [s], not before now"}
AHEAD = {"type": "number", "minimum": 0, "maximum": DAYS, "unit": "s", "description": "how far to jump in virtual time [s]"}
UNTIL = {**CONDITION, "description": "such as Temp3 >= 65 and not P3.on"}
LIMIT = {"type": "number", "minimum": 0, "maximum": DAYS, "unit": "s", "description": "how far to look for it in virtual time [s]"}
SETTING = fields({"rate": RATE, "time": LATER})

SHOWN = {"rig": RIG, "time": NOW, "rate": AT_RATE, "stands_still": STILL, "horizon": AT_HORIZON}
WAITING = fields({"condition": UNTIL, "limit": LIMIT}, "condition", "limit")
CLOCK = known(SHOWN)
REACHED = known({**SHOWN, "waited": span("virtual time that went by until the condition held")})


def told(desk: Desk, call: Call) -> Answer:
    """As it is now."""
    return Answer(_described(call, Timekeeper(desk.rigs).show(call.rig)))


def put(desk: Desk, call: Call) -> Answer:
    """Rate, time or both, in one step."""
    rate, time = call.body.get("rate"), call.body.get("time")
    if rate is None and time is None:
        raise BadRequest([("", 'nothing is set; give "rate", "time", or both')])
    # The shortest decimal that gives the float is what was written, up to 15 digits: 0.1 is a tenth.
    exact, at = None if rate is None else Fraction(repr(rate)), None if time is None else nanoseconds(time)
    return Answer(_described(call, Timekeeper(desk.rigs).set(call.rig, rate=exact, at=at, asked=call.asked)))


def advanced(desk: Desk, call: Call) -> Answer:
    """Not beyond the horizon."""
    ahead = nanoseconds(call.body["seconds"])
    return Answer(_described(call, Timekeeper(desk.rigs).advance(call.rig, ahead, asked=call.asked)))


def awaited(desk: Desk, call: Call) -> Answer:
    """`time` is the instant at which the condition held first, from now on."""
    condition, limit = call.body["condition"], nanoseconds(call.body["limit"])
    try:
        reached = run_until(Timekeeper(desk.rigs), call.rig, condition, limit, asked=call.asked)
    except BadCondition as error:
        raise BadRequest([("condition", str(error))]) from error
    return Answer({**_described(call, reached.clock), "waited": seconds(reached.at - reached.began)})


def _described(call: Call, clock: Shown) -> dict[str, Any]:
    return {
        "rig": call.rig,
        "time": seconds(clock.at),
        "rate": number(clock.rate),
        "stands_still": clock.still,
        "horizon": seconds(clock.horizon),
    }


SETS: Examples = always(
    Example("freeze it", body={"rate": 0}),
    Example("sixty times as fast", body={"rate": 60}),
    Example("jump to a time", body={"time": 3600}),
    Example("go back", body={"time": 60}, before=(("POST", "clock/advance", {"seconds": 3600}),), status=409),
)


def _waits(spec: Spec) -> Schema:
    """With a condition that this spec has."""
    until = {**UNTIL, "examples": conditions(spec)}
    return {**WAITING, "properties": {**WAITING["properties"], "condition": until}}


def _awaits(spec: Spec) -> Iterator[Example]:
    """A vessel that cools, where there is one."""
    vessel = a_vessel(spec)
    if vessel is not None:
        hot = spec.surroundings.boiling_point - 1
        warm = (("PATCH", "state", {"vessels": {vessel: {"temperature": hot}}}),)
        yield Example("until it is cooler", body={"condition": f"{vessel}.temperature <= {hot - 1:g}", "limit": 86_400}, before=warm)
        yield Example("not in time", body={"condition": f"{vessel}.temperature <= 1", "limit": 60}, before=warm, status=409)
    yield Example("at once", body={"condition": "true", "limit": 60})


RESOURCES = (
    Resource(
        "GET", "clock", "tell virtual time, its rate, and when it stands still because nothing has happened for long", told, reply=CLOCK
    ),
    Resource(
        "PUT",
        "clock",
        "set the rate of virtual time, 0 to freeze it, or jump to a later time",
        put,
        body=SETTING,
        narrowed=Narrowed(body=lambda spec: {**SETTING, "minProperties": 1}),
        reply=CLOCK,
        refuses=(409,),
        examples=SETS,
    ),
    Resource(
        "POST",
        "clock/advance",
        "jump ahead in virtual time",
        advanced,
        body=fields({"seconds": AHEAD}, "seconds"),
        reply=CLOCK,
        examples=always(Example("ten minutes", body={"seconds": 600})),
    ),
    Resource(
        "POST",
        "clock/run-until",
        "jump to the first instant at which a condition on readings holds; 409 if there is none up to the limit, where the clock is then",
        awaited,
        body=WAITING,
        narrowed=Narrowed(body=_waits),
        reply=REACHED,
        refuses=(409,),
        examples=_awaits,
    ),
)
