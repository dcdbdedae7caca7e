"""Vessel: a body of liquid, well stirred, with a wall that has its temperature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from mockbrew.devices.base import Device, Surroundings, View
from mockbrew.devices.declare import Preset, Reading, number
from mockbrew.devices.switch import ON_OFF

# kJ/K of wall, or kg of grain: 200 g of steel. With less, what flows in or heats would change an empty vessel within milliseconds, and
# whoever follows that has to compute in steps as short.
THINNEST = 0.1


EMPTY, PARTLY, FULL = -1, 0, 1
CALM, BOILING, HOT = 0, 1, 2


class Liquid(NamedTuple):
    """The state of a vessel.

    mass: kg of water. temperature: degC. boiling: CALM, BOILING at the boiling point, or HOT: empty, and hotter than that, so that what
    enters turns to steam. level: EMPTY, PARTLY filled or FULL.
    """

    mass: float
    temperature: float
    boiling: int
    level: int


def _filled(vessel: Vessel, liquid: Liquid, at: int, volume: float) -> Liquid:
    return Liquid(float(volume), liquid.temperature, CALM, FULL if volume == vessel.capacity else PARTLY if volume else EMPTY)


def _tempered(vessel: Vessel, liquid: Liquid, at: int, temperature: float) -> Liquid:
    return Liquid(liquid.mass, float(temperature), CALM, liquid.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vessel(Device):
    """A tank, kettle or tun. A litre of water is a kilogram, whatever its temperature."""

    kind = "vessel"
    layout: ClassVar[type[Any]] = Liquid
    readings = {
        "temperature": Reading(lambda vessel, state, view: state.temperature, {"type": "number"}, "temperature of the liquid", "degC"),
        "volume": Reading(lambda vessel, state, view: state.mass, {"type": "number"}, "liquid in it", "L"),
        "boiling": Reading(lambda vessel, state, view: int(state.boiling == BOILING), ON_OFF, "1 while it boils"),
        "empty": Reading(lambda vessel, state, view: int(state.level == EMPTY), ON_OFF, "1 while it holds nothing"),
        "full": Reading(lambda vessel, state, view: int(state.level == FULL), ON_OFF, "1 while it holds all it can"),
    }

    presets = {
        "temperature": Preset(
            lambda vessel, room: {"type": "number", "minimum": 0, "maximum": room.boiling_point, "unit": "degC"}, _tempered
        ),
        "volume": Preset(lambda vessel, room: {"type": "number", "minimum": 0, "maximum": vessel.capacity, "unit": "L"}, _filled),
    }

    capacity: float = number("what it holds when full", unit="L", exclusiveMinimum=0, maximum=1e5)
    volume: float = number("liquid in it after a reset", unit="L", minimum=0, maximum=1e5)
    temperature: float | None = number(
        "of the liquid after a reset; the room's by default", unit="degC", default=None, minimum=0, maximum=150
    )
    # 9 W/K: a bare kettle with its lid on; 4 kJ/K: 8 kg of steel (docs/physics.md)
    loss: float = number("heat loss to the room", unit="W/K", default=9.0, minimum=0, maximum=1e4)
    wall: float = number("heat capacity of the wall", unit="kJ/K", default=4.0, minimum=0, maximum=1e4)
    grain: float = number("malt in it", unit="kg", default=0.0, minimum=0, maximum=1e4)

    def initial(self, view: View) -> Liquid:
        """At its initial volume and temperature."""
        temperature = view.surroundings.ambient if self.temperature is None else self.temperature
        level = FULL if self.volume == self.capacity else PARTLY if self.volume else EMPTY
        return Liquid(float(self.volume), float(temperature), CALM, level)

    def carried(self, state: Liquid, before: Device, at: int) -> Liquid:
        """As much as it holds now. Whether that boils is for the boiling point to say, which may be another one."""
        mass = min(state.mass, float(self.capacity))
        return state._replace(mass=mass, boiling=CALM, level=FULL if mass == self.capacity else min(state.level, PARTLY))

    def check(self, surroundings: Surroundings) -> Iterator[tuple[str, str]]:
        """It holds what is in it, no liquid starts above its boiling point, and something has a heat capacity when it is dry."""
        if self.volume > self.capacity:
            yield "volume", f"{self.volume} L is more than it holds; at most its capacity, {self.capacity} L"
        if self.temperature is not None and self.temperature > surroundings.boiling_point:
            yield "temperature", f"{self.temperature} degC is above the boiling point; at most {surroundings.boiling_point:g} degC"
        if self.wall < THINNEST and self.grain < THINNEST:
            least = f"give a wall of at least {THINNEST} kJ/K, or {THINNEST} kg of grain"
            yield "wall", f"a vessel needs a heat capacity when it is empty; {least}"
