"""A flow meter for mockbrew: a device kind in a distribution of its own.

The fields of a kind are the options of its line in the spec, its `readings` and `verbs` are what endpoints can ask of it, its `layout`
is what mockbrew keeps of each device. A kind is never changed: a verb takes the state and returns the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from mockbrew.devices.base import Device, View
from mockbrew.devices.declare import Choice, Reading, Reference, Verb, number, reference

UNITS = {"lpm": 1.0, "lph": 60.0}  # litres per minute and per hour, per L/min (which a URL could not carry)


class Display(NamedTuple):
    """The state of a flow meter. unit: what its readings are in, one of UNITS. After a reset it is the default."""

    unit: str = "lpm"


def flow(meter: Flowmeter, display: Display, view: View) -> float:
    """What flows at this instant: all that the pump gives while it runs."""
    running: int = view.state(meter.pump).on
    return running * meter.litres_per_minute * UNITS[display.unit]


def unit(meter: Flowmeter, display: Display, view: View) -> str:
    """What it is set to."""
    return display.unit


def set_unit(meter: Flowmeter, display: Display, at: int, unit: str) -> Display:
    """The same display in another unit."""
    return display._replace(unit=unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flowmeter(Device):
    """Measures what a pump moves."""

    kind = "flowmeter"
    layout: ClassVar[type[Any]] = Display
    readings = {
        "flow": Reading(flow, {"type": "number"}, "what flows, in the unit that it is set to"),
        "unit": Reading(unit, {"type": "string", "enum": list(UNITS)}, "the unit that it is set to"),
    }
    verbs = {
        "set_unit": Verb(set_unit, "read in another unit from now on", {"unit": Choice(tuple(UNITS))}),
    }

    pump: str = reference("the pump whose flow it measures", Reference("a pump", kind="pump"))
    litres_per_minute: float = number("what the pump moves while it runs", unit="L/min", default=10.0, minimum=0, maximum=1000)
