"""Strikes: which requests faults of transport hit, and how long they hold replies back.

This follows from the seed (the rig's and its name, or one that the fault has), the name of the fault and how many requests it has matched,
and from nothing else. Of the faults that
answer, the first one that hits does, in the order in which they were made. Delays add up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import exp
from statistics import NormalDist
from typing import Any, NamedTuple

from mockbrew.devices.declare import NONE
from mockbrew.faults.devices import draw
from mockbrew.faults.sorts import CAP, DELAY, Errors, Reply
from mockbrew.faults.transport import TransportFault, spoilt

ANNOUNCED = "X-Mockbrew-Fault"  # of a reply: the faults that hit it
STANDARD_NORMAL = NormalDist()


class Counted(NamedTuple):
    """How many requests a fault has matched while it acted, and how many of them it hit."""

    matched: int = 0
    hits: int = 0


class Strike(NamedTuple):
    """What faults do to one request. by: all that hit it. delay: s. counted: how many each that acts has matched and hit by now.

    born: the life of the rig that they are of.
    """

    by: tuple[TransportFault, ...] = ()
    delay: float = 0.0
    counted: Mapping[str, Counted] = NONE
    born: int = 0

    @property
    def answers(self) -> TransportFault | None:
        """The fault that makes the reply another one."""
        return next((fault for fault in self.by if fault.sort != DELAY), None)

    @property
    def names(self) -> str:
        """Of all that hit it."""
        return ", ".join(fault.name for fault in self.by)

    def sent(self, reply: Reply, errors: Errors) -> Reply:
        """What the client gets of a reply."""
        status, fields, body = spoilt(self.answers, reply, errors) if self.answers else reply
        announced = [fault.name for fault in self.by if fault.announce]
        return (status, [*fields, (ANNOUNCED, ", ".join(announced))], body) if announced and status else (status, fields, body)


def stage(fault: TransportFault, counted: Counted, at: int) -> str:
    """`waiting`, `acting` or `over` at `at` (virtual ns)."""
    if at < fault.begins:
        return "waiting"
    return "over" if (fault.ends is not None and at >= fault.ends) or counted.hits == fault.count else "acting"


def strike(faults: Sequence[TransportFault], counters: Mapping[str, Counted], at: int, seed: Callable[[TransportFault], str]) -> Strike:
    """One request at `at` (virtual ns) that all of `faults` are about, in the order of their making. seed: what one draws from."""
    struck = Strike()
    for fault in faults:
        counted = counters.get(fault.name, Counted())
        if stage(fault, counted, at) == "acting":
            struck = _struck(struck, fault, counted, seed(fault))
    return struck


def _struck(struck: Strike, fault: TransportFault, counted: Counted, seed: str) -> Strike:
    """By one more; one that would answer does not hit what another answers already, so that its count is of what it did."""
    free = fault.sort == DELAY or struck.answers is None
    if not free or draw(seed, fault.name, counted.matched) >= fault.probability:
        return struck._replace(counted={**struck.counted, fault.name: counted._replace(matched=counted.matched + 1)})
    delay = _seconds(fault.parameters, draw(seed, f"{fault.name}/seconds", counted.matched)) if fault.sort == DELAY else 0.0
    after = {**struck.counted, fault.name: Counted(counted.matched + 1, counted.hits + 1)}
    return Strike((*struck.by, fault), min(struck.delay + delay, CAP), after)


def _seconds(parameters: Mapping[str, Any], drawn: float) -> float:
    """How long (s) a number in [0, 1) makes a delay."""
    if "seconds" in parameters:
        return float(parameters["seconds"])
    if "low" in parameters:
        return float(parameters["low"] + (parameters["high"] - parameters["low"]) * drawn)
    # The inverse of the normal distribution is finite above 0 only; 2^-54 is half of the least number that is drawn above it.
    return float(parameters["median"] * exp(parameters["sigma"] * STANDARD_NORMAL.inv_cdf(max(drawn, 2**-54))))
