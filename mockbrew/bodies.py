"""A vessel of the plant with what heats it and what is immersed in it, and how that goes on on a course."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from mockbrew.clock import SECOND, nanoseconds
from mockbrew.constants import MALT, WATER
from mockbrew.devices.base import Device, HeatSource, Immersed, Surroundings
from mockbrew.devices.declare import State
from mockbrew.devices.vessel import BOILING, EMPTY, HOT, Liquid, Vessel
from mockbrew.thermal import Heat

NO_HEAT = 1e-9  # W: what a difference that should be zero may come to by rounding; in 30 days 1e-6 K of a dry wall of 4 kJ/K
SETTLED = 1e-13  # K; of a probe, which comes to a temperature but for roundings
UNHEATED = Heat(0.0)


Change = Mapping[str, float]
"""Fields of a `Liquid`, and what they are from a change of its mode on."""


class Followed(Protocol):
    """A course, as what is immersed sees it."""

    @property
    def began(self) -> int:
        """Virtual ns."""
        ...

    def temperature(self, i: int, elapsed: float) -> float:
        """degC of vessel `i` after `elapsed` s."""
        ...

    def constant(self, i: int) -> bool:
        """Whether nothing changes in it."""
        ...

    def mass(self, i: int, elapsed: float) -> float:
        """kg in it."""
        ...

    def lagged(self, i: int, start: float, lag: float, elapsed: float) -> float:
        """What follows it from `start` with time constant `lag` (s)."""
        ...


@dataclass(frozen=True, slots=True)
class Sensing:
    """What is immersed in a vessel. lag: s, 0 for none. period: ns between the samples that it holds, 0 if it holds none."""

    device: Immersed
    lag: float
    period: int

    def at(self, state: State, course: Followed, i: int, at: int) -> State:
        """Its state at `at` (virtual ns), in vessel `i` of a course."""
        elapsed, held = (at - course.began) / SECOND, state[1]
        sensed = course.lagged(i, state[0], self.lag, elapsed) if self.lag else course.temperature(i, elapsed)
        if self.period:
            sample = at - at % self.period
            if sample > course.began:  # an earlier one has been kept by the anchor
                elapsed = (sample - course.began) / SECOND
                held = course.lagged(i, state[0], self.lag, elapsed) if self.lag else course.temperature(i, elapsed)
        moved: State = self.device.layout(sensed, held) if len(state) == 2 else self.device.layout(sensed, held, *state[2:])
        return moved

    def rests(self, state: State, temperature: float) -> bool:
        """Whether it has come to the temperature of a vessel in which nothing changes, but for what its last steps there leave."""
        return abs(state[0] - temperature) <= SETTLED and (state[1] is None or abs(state[1] - temperature) <= SETTLED)


@dataclass(frozen=True, slots=True)
class Body:
    """One vessel; what heats it and what is immersed in it stand with their places in the cell.

    dry: J/K without liquid. lagging: those of the sources whose heat follows with a time constant. boils, dries_hot: what changes where it
    comes to the boiling point by itself, holding liquid or not.
    """

    place: int
    vessel: Vessel
    dry: float
    surroundings: Surroundings
    sources: tuple[tuple[int, HeatSource], ...]
    immersed: Mapping[int, Sensing]
    lagging: Mapping[int, HeatSource]
    boils: Mapping[int, Change]
    dries_hot: Mapping[int, Change]

    def heat(self, states: Sequence[Any]) -> Heat:
        """What its sources give from these states of the cell on."""
        if not self.sources:
            return UNHEATED
        return Heat(self.steady(states), tuple(self._fading(states)) if self.lagging else ())

    def steady(self, states: Sequence[Any]) -> float:
        """W that they tend to."""
        steady = 0.0
        for place, source in self.sources:
            steady += source.heat(states[place])
        return steady

    def _fading(self, states: Sequence[Any]) -> Iterator[tuple[float, float]]:
        """What elements give more at first than they will: (W, 1/s)."""
        for place, source in self.lagging.items():
            amplitude = states[place].heat - source.heat(states[place])
            if abs(amplitude) > NO_HEAT:
                yield amplitude, 1.0 / source.time_constant

    def moved(self, states: Sequence[Any], course: Followed, i: int, at: int) -> Iterator[tuple[int, Any]]:
        """The states of all that goes on with it, as vessel `i` of a course, at `at` (virtual ns), by place; not of what stays as it is."""
        liquid, elapsed, constant = states[self.place], (at - course.began) / SECOND, course.constant(i)
        if not constant:
            yield self.place, liquid_at(self, liquid, course.temperature(i, elapsed), course.mass(i, elapsed))
        for place, sensing in self.immersed.items():
            if not (constant and sensing.rests(states[place], liquid.temperature)):
                yield place, sensing.at(states[place], course, i, at)
        for place, source in self.lagging.items():
            yield place, warmed_at(source, states[place], elapsed)

    def capacity(self, liquid: Liquid) -> float:
        """J/K."""
        return self.dry + liquid.mass * WATER


def make_body(place: int, vessel: Vessel, devices: Sequence[Device], surroundings: Surroundings) -> Body:
    """The vessel that stands at `place` in a cell of these devices."""
    sources = tuple((i, device) for i, device in enumerate(devices) if isinstance(device, HeatSource) and device.vessel == vessel.name)
    immersed = {i: _sensing(device) for i, device in enumerate(devices) if isinstance(device, Immersed) and device.vessel == vessel.name}
    lagging = {i: source for i, source in sources if source.time_constant}
    ends = ({0: {"boiling": mode, "temperature": surroundings.boiling_point}} for mode in (BOILING, HOT))
    return Body(place, vessel, 1000.0 * vessel.wall + MALT * vessel.grain, surroundings, sources, immersed, lagging, *ends)


def _sensing(device: Immersed) -> Sensing:
    return Sensing(device, device.time_constant, nanoseconds(device.sampling))


def liquid_at(body: Body, liquid: Liquid, temperature: float, mass: float) -> Liquid:
    """The liquid at this temperature (degC) and mass (kg) of its course, which may miss a limit by a rounding."""
    if temperature > liquid.temperature and temperature > body.surroundings.boiling_point and liquid.level != EMPTY:
        temperature = max(body.surroundings.boiling_point, liquid.temperature)
    if mass != liquid.mass:
        mass = min(max(mass, 0.0), max(body.vessel.capacity, liquid.mass))
    return Liquid(mass, temperature, liquid.boiling, liquid.level)


def warmed_at(source: HeatSource, state: Any, elapsed: float) -> Any:
    """The state of a source with a time constant, `elapsed` s later."""
    heat = source.heat(state)
    return state._replace(heat=heat + (state.heat - heat) * math.exp(-elapsed / source.time_constant))
