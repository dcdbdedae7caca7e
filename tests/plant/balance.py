"""What goes into and out of each vessel, by the general law of docs/physics.md: from what a look shows and what the devices' options say.

Written from that page and not from the engine, of which it takes states, flows and what is really on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from mockbrew.clock import SECOND
from mockbrew.devices.heater import Heater
from mockbrew.devices.pipe import MAINS, Pipe
from mockbrew.devices.pump import Pump
from mockbrew.devices.vessel import BOILING, EMPTY, FULL, HOT, Vessel
from mockbrew.plant import Look
from tests.plant.driving import Stretch
from tests.plant.histories import Case

WATER, MALT, LATENT = 4186.0, 1670.0, 2.257e6  # J/(kg K), J/(kg K), J/kg
POINTS = (  # of Gauss and Legendre on [-1, 1] with their weights, each for both signs: exact up to degree 23
    (0.1252334085114689, 0.2491470458134028),
    (0.3678314989981802, 0.2334925365383548),
    (0.5873179542866175, 0.2031674267230659),
    (0.7699026741943047, 0.1600783285433462),
    (0.9041172563704749, 0.1069393259953184),
    (0.9815606342467193, 0.0471753363865118),
)


class Amount(NamedTuple):
    """What has come, with its sign, and how much has been moved for that; J and kg, or W and kg/s."""

    energy: float = 0.0
    mass: float = 0.0
    heat_moved: float = 0.0
    mass_moved: float = 0.0


class Passage(NamedTuple):
    """A pipe at an instant. flow: kg/s. given, left, arrived: degC where it leaves its vessel, behind the coil and at its end."""

    pipe: Pipe
    flow: float
    given: float
    left: float
    arrived: float


def capacity(vessel: Vessel, mass: float) -> float:
    """J/K."""
    return mass * WATER + 1000.0 * vessel.wall + MALT * vessel.grain


def content(vessel: Vessel, look: Look) -> Amount:
    """What is in it, counted from 0 degC."""
    liquid = look.state(vessel.name)
    energy = capacity(vessel, liquid.mass) * liquid.temperature
    return Amount(energy, liquid.mass, abs(energy), liquid.mass)


# -- at one instant ------------------------------------------------------------------------------------------------


def demands(case: Case, look: Look) -> dict[str, float]:
    """kg/s that each open pipe asks for."""
    pumps = {device.name: device for device in case.devices if isinstance(device, Pump)}
    pipes = [device for device in case.devices if isinstance(device, Pipe)]
    opened = [pipe for pipe in pipes if all(look.reading(valve, "on") for valve in pipe.valves)]
    return {pipe.name: _demand(pipe, pumps, opened, look) / 60.0 for pipe in opened}


def _demand(pipe: Pipe, pumps: Mapping[str, Pump], opened: Sequence[Pipe], look: Look) -> float:
    if pipe.pump is None:
        return 10.0 if pipe.flow is None else pipe.flow
    sharing = [other for other in opened if other.pump == pipe.pump]
    return pumps[pipe.pump].flow / len(sharing) if look.reading(pipe.pump, "on") else 0.0


def passages(case: Case, look: Look) -> Iterator[Passage]:
    """All pipes in which something moves."""
    asked = demands(case, look)
    for pipe in [device for device in case.devices if isinstance(device, Pipe)]:
        flow = look.flow(pipe.name)
        if flow:
            yield _passage(pipe, flow, asked[pipe.name] * WATER, case.surroundings.ambient, look)


def _passage(pipe: Pipe, flow: float, demand: float, room: float, look: Look) -> Passage:
    given = _mains(pipe) if pipe.source == MAINS else look.state(pipe.source).temperature
    left = given
    if pipe.coil is not None and look.state(pipe.coil).level != EMPTY and (pipe.source == MAINS or look.state(pipe.source).level != EMPTY):
        around = look.state(pipe.coil).temperature
        left = around + (given - around) * math.exp(-pipe.transfer / demand)
    return Passage(pipe, flow, given, left, room + (left - room) * math.exp(-pipe.loss / demand))


def _mains(pipe: Pipe) -> float:
    return 15.0 if pipe.temperature is None else pipe.temperature


def rates(vessel: Vessel, moving: Sequence[Passage], case: Case, look: Look) -> Amount:
    """How much of heat and mass enters it, less what leaves it."""
    liquid, room = look.state(vessel.name), case.surroundings
    heats = [*_heats(vessel, case, look), -vessel.loss * (liquid.temperature - room.ambient), *_coils(vessel, moving)]
    entering = [(passage.flow, passage.arrived) for passage in moving if passage.pipe.destination == vessel.name]
    leaving = [passage.flow for passage in moving if passage.pipe.source == vessel.name]
    through = [passage for passage in moving if passage.pipe.source == passage.pipe.destination == vessel.name]
    warmed = sum(flow * WATER * (degrees - liquid.temperature) for flow, degrees in entering)
    gets = sum(flow for flow, _ in entering)
    steam = {BOILING: (sum(heats) + warmed) / LATENT, HOT: gets - sum(passage.flow for passage in through)}.get(liquid.boiling, 0.0)
    overflow = gets - sum(leaving) - steam if liquid.level == FULL else 0.0
    assert overflow >= -1e-9  # kg/s: what an element of 1 MW gains in the nanosecond by which a mode may last too long
    flows = [*((flow, degrees) for flow, degrees in entering), *((-flow, liquid.temperature) for flow in leaving)]
    flows += [(-overflow, liquid.temperature), (-steam, room.boiling_point + LATENT / WATER)]
    return _summed(heats, flows)


def _summed(heats: Iterable[float], flows: Sequence[tuple[float, float]]) -> Amount:
    powers = [*heats, *(flow * WATER * degrees for flow, degrees in flows)]
    masses = [flow for flow, _ in flows]
    return Amount(sum(powers), sum(masses), sum(map(abs, powers)), sum(map(abs, masses)))


def _heats(vessel: Vessel, case: Case, look: Look) -> Iterator[float]:
    for heater in case.devices:
        if isinstance(heater, Heater) and heater.vessel == vessel.name:
            on = 1.0 if look.reading(heater.name, "on") else 0.0
            yield look.state(heater.name).heat if heater.lag else on * heater.power * heater.efficiency


def _coils(vessel: Vessel, moving: Iterable[Passage]) -> Iterator[float]:
    for passage in moving:
        if passage.pipe.coil == vessel.name:
            yield passage.flow * WATER * (passage.given - passage.left)


# -- over time -----------------------------------------------------------------------------------------------------


def gone_through(stretch: Stretch, case: Case) -> dict[str, Amount]:
    """The integrals of `rates` over a stretch, for each vessel; and in what has been moved one second more.

    The engine's instants are whole nanoseconds: at each the law may change too early or too late by 1e-9 of that second.
    """
    total = {name: Amount(0.0, 0.0, rate.heat_moved, rate.mass_moved) for name, rate in all_rates(stretch, case, stretch.begin).items()}
    for begin, end in pairwise(edges(stretch, case)):
        for at, seconds in points(begin, end):
            now = all_rates(stretch, case, at)
            total = {name: added(amount, now[name], seconds) for name, amount in total.items()}
    return total


def edges(stretch: Stretch, case: Case) -> Iterator[int]:
    """Pieces of a stretch (virtual ns), each as long as all before: what decays in it has decayed when they are long.

    The first lasts two time constants of the vessel that cools the soonest. With flows a stretch is shorter than that by itself.
    """
    look = stretch.look(stretch.begin)
    soonest = max(vessel.loss / capacity(vessel, look.state(vessel.name).mass) for vessel in tanks(case))
    length = 2.0 / soonest * SECOND if soonest else math.inf
    yield stretch.begin
    while length < stretch.end - stretch.begin:
        yield stretch.begin + round(length)
        length *= 2
    yield stretch.end


def points(begin: int, end: int) -> Iterator[tuple[int, float]]:
    """Instants (virtual ns), and how many seconds of an integral each stands for."""
    half, middle = (end - begin) / 2, (begin + end) / 2
    for point, weight in POINTS:
        yield from ((round(middle + sign * point * half), weight * half / SECOND) for sign in (-1, 1))


def all_rates(stretch: Stretch, case: Case, at: int) -> dict[str, Amount]:
    """Of each vessel, at an instant (virtual ns)."""
    look = stretch.look(at)
    moving = list(passages(case, look))
    return {vessel.name: rates(vessel, moving, case, look) for vessel in tanks(case)}


def added(amount: Amount, other: Amount, times: float = 1.0) -> Amount:
    """One and so many times the other."""
    return Amount(*[mine + times * yours for mine, yours in zip(amount, other, strict=True)])


def tanks(case: Case) -> list[Vessel]:
    """Its vessels."""
    return [device for device in case.devices if isinstance(device, Vessel)]
