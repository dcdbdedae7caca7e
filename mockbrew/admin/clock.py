"""`clock`: virtual time. What it is and how fast it goes, a jump, and a jump to the first instant at which a condition holds."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from mockbrew.admin.resources import CONDITION, TIME, Answer, Call, Desk, Resource, fields
from mockbrew.clock import HORIZON, SECOND, nanoseconds, seconds
from mockbrew.errors import BadCondition, BadRequest
from mockbrew.testbench.clock import FASTEST, Shown, Timekeeper, number
from mockbrew.testbench.run_until import run_until

DAYS = HORIZON // SECOND
RATE = {"type": "number", "minimum": 0, "maximum": FASTEST, "description": "virtual seconds per second; 0 freezes"}
LATER = {**TIME, "description": "virtual time [s], not before now"}
AHEAD = {"type": "number", "minimum": 0, "maximum": DAYS, "unit": "s", "description": "how far to jump in virtual time [s]"}
UNTIL = {**CONDITION, "description": "such as Temp3 >= 65 and not P3.on"}
LIMIT = {"type": "number", "minimum": 0, "maximum": DAYS, "unit": "s", "description": "how far to look for it in virtual time [s]"}


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


RESOURCES = (
    Resource("GET", "clock", "tell virtual time, its rate, and when it stands still because nothing has happened for long", told),
    Resource(
        "PUT",
        "clock",
        "set the rate of virtual time, 0 to freeze it, or jump to a later time",
        put,
        body=fields({"rate": RATE, "time": LATER}),
    ),
    Resource("POST", "clock/advance", "jump ahead in virtual time", advanced, body=fields({"seconds": AHEAD}, "seconds")),
    Resource(
        "POST",
        "clock/run-until",
        "jump to the first instant at which a condition on readings holds; 409 if there is none up to the limit, where the clock is then",
        awaited,
        body=fields({"condition": UNTIL, "limit": LIMIT}, "condition", "limit"),
    ),
)
