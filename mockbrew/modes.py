"""Modes of a vessel: calm, boiling or hot; empty, partly filled or full.

Modes are stored. A mode changes in its own direction only, and is not come back to at the same instant.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockbrew.bodies import NO_HEAT, Body, Change
from mockbrew.constants import LATENT
from mockbrew.development import Path
from mockbrew.devices.vessel import BOILING, CALM, EMPTY, FULL, HOT, PARTLY, Liquid
from mockbrew.series import Series
from mockbrew.thermal import Start

# What a difference that should be zero may come to by rounding, as `NO_HEAT`, and more with what enters; a boil, or an overflow, does not
# end over that. A crossing is looked for at twice as much, so that what is found there has ended.
NO_FLOW = 1e-15  # kg/s; in 30 days 3e-9 kg
ENTERING = 16.0  # s/kg


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
