"""A vessel of the plant with what heats it and what is immersed in it, and its modes: calm, boiling or hot; empty, partly filled or full.

Modes are stored. A mode changes in its own direction only, and is not come back to at the same instant.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from mockbrew.clock import SECOND, nanoseconds
from mockbrew.constants import LATENT, MALT, WATER
from mockbrew.development import Path
from mockbrew.devices.base import Device, HeatSource, Immersed, Surroundings
from mockbrew.devices.declare import State
from mockbrew.devices.vessel import BOILING, CALM, EMPTY, FULL, HOT, PARTLY, Liquid, Vessel
from mockbrew.series import Series
from mockbrew.thermal import Heat, Start

# What a difference that should be zero may come to by rounding, and more with what enters; a boil, or an overflow, does not end over that.
# A crossing is looked for at twice as much, so that what is found there has ended.
NO_HEAT = 1e-9  # W; in 30 days 1e-6 K of a dry wall of 4 kJ/K
NO_FLOW = 1e-15  # kg/s; in 30 days 3e-9 kg
ENTERING = 16.0  # s/kg
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

    def stands(self, i: int) -> bool:
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
        liquid, elapsed, stands = states[self.place], (at - course.began) / SECOND, course.stands(i)
        if not stands:
            yield self.place, liquid_at(self, liquid, course.temperature(i, elapsed), course.mass(i, elapsed))
        for place, sensing in self.immersed.items():
            if not (stands and sensing.rests(states[place], liquid.temperature)):
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


# -- modes ---------------------------------------------------------------------------------------------------------


def settled(body: Body, liquid: Liquid, start: Start, surplus: float, *, starved: bool) -> Liquid:
    """The liquid in the mode that follows at once, if this one is over; `surplus` in W is what `start` gives.

    starved: it is empty and passes on all that it gets.
    """
    follows = {CALM: _calm_settled, BOILING: _boil_settled, HOT: _hot_settled}[liquid.boiling]
    moved = follows(body.surroundings.boiling_point, liquid, start, surplus)
    return _level_settled(body, liquid, start, surplus, starved=starved) if moved is liquid else moved


def crossings(body: Body, liquid: Liquid, path: Path, asked: float, inflow: float) -> Iterator[tuple[Series, Change]]:
    """What must stay positive for its mode to last, and what changes when it does not.

    asked: kg/s that its outlets ask for. inflow: kg/s that enter at the start.
    """
    boiling_point, more = body.surroundings.boiling_point, 2.0 * (1.0 + ENTERING * inflow)
    if liquid.boiling == BOILING:
        yield _plus(path.surplus, more * NO_HEAT), {"boiling": CALM}
    elif liquid.boiling == HOT:
        yield _plus(path.temperature, -boiling_point), {"boiling": BOILING, "temperature": boiling_point}
    else:
        after = HOT if liquid.level == EMPTY else BOILING
        yield _below(boiling_point, path.temperature), {"boiling": after, "temperature": boiling_point}
    if liquid.level == PARTLY:
        yield path.mass, {"level": EMPTY, "mass": 0.0}
        yield _below(body.vessel.capacity, path.mass), {"level": FULL, "mass": float(body.vessel.capacity)}
    elif liquid.level == FULL:
        yield _plus(path.net, more * NO_FLOW), {"level": PARTLY}
    elif path.outflow is not None:
        yield _below(asked + more * NO_FLOW, path.outflow), {"level": PARTLY}
        yield from [(_plus(path.outflow, more * NO_FLOW), {"boiling": HOT})] if liquid.boiling == BOILING else ()
    elif any(path.net[1:]):
        yield _plus(path.net, more * NO_FLOW), {}  # what enters falls below what is asked for: from then on it is starved


def _calm_settled(boiling_point: float, liquid: Liquid, start: Start, surplus: float) -> Liquid:
    if liquid.temperature < boiling_point:
        return liquid
    above = liquid.temperature > boiling_point
    if liquid.level == EMPTY:
        return liquid._replace(boiling=HOT) if above or surplus > 0.0 else liquid
    if above:  # only by a spec that has lowered the boiling point since
        return liquid._replace(temperature=boiling_point)
    return liquid._replace(boiling=BOILING) if surplus >= 0.0 else liquid


def _boil_settled(boiling_point: float, liquid: Liquid, start: Start, surplus: float) -> Liquid:
    more = 1.0 + ENTERING * start.exchange.inflow
    if surplus < -more * NO_HEAT:
        return liquid._replace(boiling=CALM)
    if liquid.level > EMPTY:
        return liquid
    steams_off = surplus / LATENT > start.exchange.inflow + more * NO_FLOW or not start.exchange.inflow
    return liquid._replace(boiling=HOT) if steams_off else liquid


def _hot_settled(boiling_point: float, liquid: Liquid, start: Start, surplus: float) -> Liquid:
    """It cools to the boiling point and below, unless all that enters still turns to steam."""
    if liquid.temperature > boiling_point or surplus >= 0.0:
        return liquid
    return liquid._replace(boiling=BOILING if surplus + LATENT * start.exchange.inflow >= 0.0 else CALM)


def _level_settled(body: Body, liquid: Liquid, start: Start, surplus: float, *, starved: bool) -> Liquid:
    net = start.exchange.gain - (surplus / LATENT if liquid.boiling == BOILING else 0.0)
    if liquid.level == EMPTY:
        return liquid._replace(level=PARTLY) if net > 0.0 and not starved and liquid.boiling != HOT else liquid
    if liquid.level == FULL:
        return liquid._replace(level=PARTLY) if net < -NO_FLOW * (1.0 + ENTERING * start.exchange.inflow) else liquid
    if liquid.mass <= 0.0 and net <= 0.0:
        return liquid._replace(mass=0.0, level=EMPTY)
    if liquid.mass >= body.vessel.capacity and net >= 0.0:
        return liquid._replace(mass=float(body.vessel.capacity), level=FULL)
    return liquid


def _plus(series: Series, constant: float) -> list[float]:
    return [series[0] + constant, *series[1:]]


def _below(level: float, series: Series) -> list[float]:
    return [level - series[0], *[-term for term in series[1:]]]


# -- between two boundaries ----------------------------------------------------------------------------------------


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
