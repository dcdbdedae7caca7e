"""A vessel of the plant with what heats it and what is immersed in it: its course between two boundaries, and its own boundaries.

Those are the instants at which it begins to boil, ceases to, or boils dry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockbrew import thermal
from mockbrew.clock import nanoseconds, seconds
from mockbrew.devices.base import Device, HeatSource, Immersed, Surroundings
from mockbrew.devices.declare import State
from mockbrew.devices.vessel import Liquid, Vessel
from mockbrew.thermal import Course


@dataclass(frozen=True, slots=True)
class Body:
    """One vessel; what heats it and what is immersed in it stand with their places in the cell. dry: J/K without liquid."""

    place: int
    vessel: Vessel
    dry: float
    surroundings: Surroundings
    sources: tuple[tuple[int, HeatSource], ...]
    immersed: Mapping[int, Immersed]

    def course(self, states: Sequence[Any]) -> Course:
        """How it goes on from these states of the cell."""
        liquid: Liquid = states[self.place]
        heat = sum([source.heat(states[place]) for place, source in self.sources])
        loss, room = self.vessel.loss, self.surroundings.ambient
        if liquid.boiling:
            return thermal.boil(liquid.temperature, heat, loss, room)
        if liquid.level < 0:  # dry: nothing holds it at the boiling point
            return thermal.course(liquid.temperature, self.dry, heat, loss, room)
        capacity = liquid.mass * thermal.WATER + self.dry
        return thermal.course(liquid.temperature, capacity, heat, loss, room, max(self.surroundings.boiling_point, liquid.temperature))

    def due(self, liquid: Liquid, course: Course, at: int) -> int | None:
        """Virtual ns of its next boundary on this course, which began at `at`."""
        if liquid.level < 0:
            return None
        if liquid.boiling:
            dry = liquid.mass / course.steam if course.steam * thermal.FAR > liquid.mass else None
            return at if course.surplus < 0 else _later(at, dry)
        boiling_point = self.surroundings.boiling_point
        if liquid.temperature < boiling_point:
            return _later(at, thermal.time_to(course, boiling_point))
        # Above the boiling point only by a spec that has lowered it since: the liquid is put there first.
        return at if liquid.temperature > boiling_point or course.surplus >= 0 else None

    def crossed(self, liquid: Liquid, course: Course) -> Liquid:
        """The liquid after the boundary that was due on this course: boiling, no longer, or gone."""
        if not liquid.boiling:
            return Liquid(liquid.mass, self.surroundings.boiling_point, 1, liquid.level)
        if course.surplus < 0:
            return Liquid(liquid.mass, liquid.temperature, 0, liquid.level)
        return Liquid(0.0, liquid.temperature, 0, -1)


def make_body(place: int, vessel: Vessel, devices: Sequence[Device], surroundings: Surroundings) -> Body:
    """The vessel that stands at `place` in a cell of these devices."""
    sources = tuple((i, device) for i, device in enumerate(devices) if isinstance(device, HeatSource) and device.vessel == vessel.name)
    immersed = {i: device for i, device in enumerate(devices) if isinstance(device, Immersed) and device.vessel == vessel.name}
    return Body(place, vessel, 1000.0 * vessel.wall + thermal.MALT * vessel.grain, surroundings, sources, immersed)


def liquid_at(liquid: Liquid, course: Course, elapsed: float) -> Liquid:
    """The liquid `elapsed` s after the beginning of its course."""
    mass = max(liquid.mass - course.steam * elapsed, 0.0)
    return Liquid(mass, thermal.temperature_at(course, elapsed), liquid.boiling, liquid.level)


def immersed_at(device: Immersed, state: State, course: Course, began: int, at: int) -> State:
    """What is immersed, at `at`; the course of its vessel began at `began` (virtual ns)."""
    lag = device.time_constant
    temperature = thermal.probe_at(course, state[0], lag, seconds(at - began))
    held = state[1]
    if device.sampling:
        sample = at - at % nanoseconds(device.sampling)
        if sample > began:  # an earlier one has been kept by the anchor
            held = thermal.probe_at(course, state[0], lag, seconds(sample - began))
    moved: State = device.layout(temperature, held, *state[2:])
    return moved


def _later(at: int, elapsed: float | None) -> int | None:
    return None if elapsed is None else at + nanoseconds(elapsed)
