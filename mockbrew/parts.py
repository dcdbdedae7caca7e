"""Parts of a cell: the vessels that open pipes join, which go on together; and the courses that they take between two boundaries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockbrew import thermal
from mockbrew.bodies import Body, Change, crossings, settled
from mockbrew.clock import NEVER
from mockbrew.constants import LATENT, WATER
from mockbrew.courses import Course, Relaxation, due_after
from mockbrew.devices.vessel import BOILING, CALM, EMPTY, HOT, PARTLY, Liquid
from mockbrew.flows import OUTSIDE, Dry, Duct, Flows, asked_of, distribute, feed
from mockbrew.passing import Entering, Passing
from mockbrew.series import first_crossing
from mockbrew.thermal import Development, Exchange, Heat, Start

MODES = 64  # combinations of modes whose exchanges a part remembers
NS = 1e-9  # s
STILL = Flows((), {})

Network = tuple[Flows, tuple[Exchange, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """Bodies joined by ducts, which count them as they stand here. numbers: of the bodies in the cell.

    plain: it is one vessel, and what its ducts move changes nothing in it.
    """

    numbers: tuple[int, ...]
    bodies: tuple[Body, ...]
    ducts: tuple[Duct, ...]
    plain: bool
    networks: dict[tuple[tuple[int, int], ...], Network] = field(default_factory=dict, compare=False, repr=False)

    def settled(self, liquids: Sequence[Liquid], states: Sequence[Any]) -> Sequence[Liquid]:
        """The liquids in the modes that follow at once; no vessel comes back to a mode that it has left."""
        if self.plain and _is_settled(self.bodies[0], liquids[0]):
            return liquids
        now = list(liquids)
        left = [{_mode(liquid)} for liquid in now]
        heats = [body.heat(states) for body in self.bodies]
        moving = True
        while moving:
            moving = False
            flows, starts = self._starts(now, heats)
            temperatures = [liquid.temperature for liquid in now]
            for i, body in enumerate(self.bodies):
                surplus = thermal.surplus(starts[i], temperatures)
                after = settled(body, now[i], starts[i], surplus, starved=i in flows.starved)
                if after is not now[i] and (_mode(after) not in left[i] or _mode(after) == _mode(now[i])):
                    left[i].add(_mode(after))
                    now[i], moving = after, True
        return now

    def relaxation(self, began: int, states: Sequence[Any]) -> Relaxation | None:
        """From `began` (virtual ns), if it is plain and calm, as most vessels are, most of the time."""
        body = self.bodies[0]
        liquid, heat = states[body.place], body.heat(states)
        if liquid.boiling != CALM or heat.fading:
            return None
        loss, boiling_point, capacity = body.vessel.loss, body.surroundings.boiling_point, body.capacity(liquid)
        temperature = liquid.temperature
        slope, decay = (heat.steady - loss * (temperature - body.surroundings.ambient)) / capacity, loss / capacity
        due = due_after(began, thermal.time_to(boiling_point, temperature, slope, decay))
        boils = {0: {"boiling": HOT if liquid.level == EMPTY else BOILING, "temperature": boiling_point}} if due < NEVER else {}
        flows = self._network((liquid,), (heat,))[0] if self.ducts else STILL
        return Relaxation(began, due, boils, flows, liquid.mass, temperature, slope, decay)

    def course(self, began: int, liquids: Sequence[Liquid], states: Sequence[Any], longest: float) -> Course:
        """From `began` (virtual ns), for at most `longest` s."""
        heats = [body.heat(states) for body in self.bodies]
        flows, starts = self._starts(liquids, heats)
        longest = min([longest, *_levels(self.bodies, liquids, starts)])
        passing = self._passing(liquids, heats, flows) if _varies(liquids, flows) else None
        if passing is not None:
            starts = self._started(liquids, heats, self._table(liquids, flows, varying=flows.starved))
        development = thermal.develop(starts, longest, passing)
        first, changes = self._changes(liquids, development)
        if first is None and development.rests:
            return Course(began, NEVER, {}, flows, development)
        return Course(began, due_after(began, development.span if first is None else first), changes, flows, development)

    def _changes(self, liquids: Sequence[Liquid], development: Development) -> tuple[float | None, dict[int, Change]]:
        """When the first modes are over (s), and which are within the same nanosecond."""
        found = list(self._crossed(liquids, development))
        first = min((time for time, _, _ in found), default=None)
        together: dict[int, Change] = {}
        for time, i, change in found:
            if first is not None and time <= first + NS / 2:
                together[i] = {**together.get(i, {}), **change}
        return first, together

    def _crossed(self, liquids: Sequence[Liquid], development: Development) -> Iterator[tuple[float, int, Change]]:
        for i, (body, liquid, path) in enumerate(zip(self.bodies, liquids, development.paths, strict=True)):
            for positive, change in crossings(body, liquid, path, asked_of(i, self.ducts)):
                time = first_crossing(positive, development.span)
                if time is not None:
                    yield time, i, change

    # -- what vessels give each other ------------------------------------------------------------------------------

    def _starts(self, liquids: Sequence[Liquid], heats: Sequence[Heat]) -> tuple[Flows, list[Start]]:
        flows, exchanges = self._network(liquids, heats)
        return flows, self._started(liquids, heats, exchanges)

    def _started(self, liquids: Sequence[Liquid], heats: Sequence[Heat], exchanges: Sequence[Exchange]) -> list[Start]:
        return [
            Start(
                liquid.temperature,
                liquid.mass,
                body.capacity(liquid),
                liquid.boiling == BOILING,
                liquid.level != PARTLY,
                heat,
                exchange,
            )
            for body, liquid, heat, exchange in zip(self.bodies, liquids, heats, exchanges, strict=True)
        ]

    def _network(self, liquids: Sequence[Liquid], heats: Sequence[Heat]) -> Network:
        modes = tuple([_mode(liquid) for liquid in liquids])
        if (BOILING, EMPTY) in modes:  # what it passes on depends on more than the modes
            return self._made(liquids, heats)
        if modes not in self.networks:
            if len(self.networks) >= MODES:
                self.networks.clear()
            self.networks[modes] = self._made(liquids, heats)
        return self.networks[modes]

    def _made(self, liquids: Sequence[Liquid], heats: Sequence[Heat]) -> Network:
        flows = distribute(self.ducts, self._all_dry(liquids, heats)) if self.ducts else STILL
        return flows, self._table(liquids, flows)

    def _table(self, liquids: Sequence[Liquid], flows: Flows, varying: Collection[int] = ()) -> tuple[Exchange, ...]:
        """What vessels exchange, without what flows out of those whose outflow varies."""
        table = _Table(self.bodies, liquids)
        for duct, flow in zip(self.ducts, flows.through, strict=True):
            if duct.source not in varying:
                table.add(duct, flow)
        return table.exchanges()

    def _passing(self, liquids: Sequence[Liquid], heats: Sequence[Heat], flows: Flows) -> Passing:
        """What varies from here on."""
        starved = sorted(flows.starved)
        asked = {vessel: asked_of(vessel, self.ducts) for vessel in starved}
        entering = [
            _entering(duct, asked[duct.source], self.bodies[duct.destination].surroundings.ambient)
            for duct in self.ducts
            if duct.source in flows.starved and duct.destination != OUTSIDE and not duct.is_loop
        ]
        return Passing(
            {vessel: flows.starved[vessel] for vessel in starved},
            entering,
            feed(starved, self.ducts, self._all_dry(liquids, heats), asked),
            boiling={vessel for vessel in starved if liquids[vessel].boiling == BOILING},
            hot={i: body.surroundings.boiling_point for i, body in enumerate(self.bodies) if liquids[i].boiling == HOT},
        )

    def _all_dry(self, liquids: Sequence[Liquid], heats: Sequence[Heat]) -> dict[int, Dry]:
        return {i: self._dry(i, liquids, heats[i]) for i, liquid in enumerate(liquids) if liquid.level == EMPTY}

    def _dry(self, i: int, liquids: Sequence[Liquid], heat: Heat) -> Dry:
        body, liquid = self.bodies[i], liquids[i]
        if liquid.boiling != BOILING:
            return Dry(closed=liquid.boiling == HOT)
        boiling_point, room = body.surroundings.boiling_point, body.surroundings.ambient
        steam = (heat.term(0) - body.vessel.loss * (boiling_point - room)) / LATENT
        passed = {
            duct.place: 1.0 - WATER * (_arrival(duct, liquids, room) - boiling_point) / LATENT
            for duct in self.ducts
            if duct.destination == i
        }
        return Dry(steam=steam, passed=passed)


def _is_settled(body: Body, liquid: Liquid) -> bool:
    """Whether a vessel to which no pipe leads is in the mode that it stays in."""
    below = liquid.temperature < body.surroundings.boiling_point
    return liquid.boiling == CALM and below and (liquid.level != PARTLY or liquid.mass > 0.0)


def _mode(liquid: Liquid) -> tuple[int, int]:
    return liquid.boiling, liquid.level


def _varies(liquids: Sequence[Liquid], flows: Flows) -> bool:
    """Whether an outflow does: that of an empty vessel that boils."""
    return any(liquids[vessel].boiling == BOILING and flow > 0.0 for vessel, flow in flows.starved.items())


def _entering(duct: Duct, asked: float, room: float) -> Entering:
    return Entering(duct.source, duct.destination, duct.demand / asked, duct.arrives, (1.0 - duct.arrives) * room)


def _levels(bodies: Sequence[Body], liquids: Sequence[Liquid], starts: Sequence[Start]) -> Iterator[float]:
    """When calm vessels will be empty or full, s: nothing need be known of later."""
    for body, liquid, start in zip(bodies, liquids, starts, strict=True):
        gain = start.exchange.gain
        if gain and not start.held_mass and not start.held_temperature:
            yield max((body.vessel.capacity - liquid.mass if gain > 0 else -liquid.mass) / gain, NS)


# -- the table of exchanges ----------------------------------------------------------------------------------------


def _works(duct: Duct, liquids: Sequence[Liquid]) -> bool:
    """Whether its coil exchanges heat: both vessels hold water. The mains always do."""
    if duct.coil == OUTSIDE or liquids[duct.coil].level == EMPTY:
        return False
    return duct.source == OUTSIDE or liquids[duct.source].level != EMPTY


def _arrival(duct: Duct, liquids: Sequence[Liquid], room: float) -> float:
    """degC at the end of the pipe."""
    given = duct.mains if duct.source == OUTSIDE else liquids[duct.source].temperature
    if _works(duct, liquids):
        given = liquids[duct.coil].temperature + (given - liquids[duct.coil].temperature) * duct.kept
    return room + (given - room) * duct.arrives


class _Table:
    """The exchanges of all vessels of a part, duct by duct."""

    def __init__(self, bodies: Sequence[Body], liquids: Sequence[Liquid]) -> None:
        self.bodies, self.liquids = bodies, liquids
        self.rates: list[dict[int, float]] = [{i: -body.vessel.loss} for i, body in enumerate(bodies)]
        self.constants = [body.vessel.loss * body.surroundings.ambient for body in bodies]
        self.gains = [0.0] * len(bodies)
        self.inflows = [0.0] * len(bodies)

    def add(self, duct: Duct, flow: float) -> None:
        kept = duct.kept if _works(duct, self.liquids) else 1.0
        if kept < 1.0:
            self._coil(duct, flow * WATER * (1.0 - kept))
        if duct.destination != OUTSIDE:
            self._arrive(duct, flow, kept)
        if not duct.is_loop:
            self._weigh(duct, flow)

    def exchanges(self) -> tuple[Exchange, ...]:
        each = zip(self.rates, self.constants, self.gains, self.inflows, strict=True)
        return tuple(Exchange(tuple(rates.items()), constant, gain, inflow) for rates, constant, gain, inflow in each)

    def _coil(self, duct: Duct, conductance: float) -> None:
        self._rate(duct.coil, duct.coil, -conductance)
        self._from(duct, duct.coil, conductance)

    def _arrive(self, duct: Duct, flow: float, kept: float) -> None:
        to, heat = duct.destination, flow * WATER
        surroundings = self.bodies[to].surroundings
        self._from(duct, to, heat * duct.arrives * kept)
        if kept < 1.0:
            self._rate(to, duct.coil, heat * duct.arrives * (1.0 - kept))
        self.constants[to] += heat * (1.0 - duct.arrives) * surroundings.ambient
        if self.liquids[to].boiling == HOT:  # it is warmed to the boiling point and turns to steam
            self.constants[to] -= heat * surroundings.boiling_point + flow * LATENT
        else:
            self._rate(to, to, -heat)

    def _weigh(self, duct: Duct, flow: float) -> None:
        if duct.source != OUTSIDE:
            self.gains[duct.source] -= flow
        if duct.destination != OUTSIDE:
            self.inflows[duct.destination] += flow
            if self.liquids[duct.destination].boiling != HOT:
                self.gains[duct.destination] += flow

    def _from(self, duct: Duct, to: int, conductance: float) -> None:
        """What the source's temperature gives to vessel `to`."""
        if duct.source == OUTSIDE:
            self.constants[to] += conductance * duct.mains
        else:
            self._rate(to, duct.source, conductance)

    def _rate(self, to: int, by: int, conductance: float) -> None:
        self.rates[to][by] = self.rates[to].get(by, 0.0) + conductance
