"""Parts of a cell: the vessels that open pipes join, which go on together; and the courses that they take between two boundaries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockbrew import thermal
from mockbrew.bodies import Body, Change, crossings, settled
from mockbrew.clock import NEVER
from mockbrew.courses import Course, Relaxation, Still, due_after
from mockbrew.devices.vessel import BOILING, CALM, EMPTY, PARTLY, Liquid
from mockbrew.exchanges import dry, exchanges, varying
from mockbrew.flows import Duct, Flows, asked_of, distribute
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
            temperatures = [start.temperature for start in starts]
            for i, body in enumerate(self.bodies):
                surplus = thermal.surplus(starts[i], temperatures)
                after = settled(body, now[i], starts[i], surplus, starved=i in flows.starved)
                if after is not now[i] and (_mode(after) not in left[i] or _mode(after) == _mode(now[i])):
                    left[i].add(_mode(after))
                    now[i], moving = after, True
        return now

    def relaxation(self, began: int, states: Sequence[Any]) -> Relaxation | None:
        """From `began` (virtual ns), if it is plain and calm, as most vessels are, most of the time."""
        still = self.still(states)
        body = self.bodies[0]
        return None if still is None else still.relaxation(began, states[body.place].temperature, body.steady(states))

    def still(self, states: Sequence[Any]) -> Still | None:
        """What stays as it is while it relaxes, if it does."""
        body = self.bodies[0]
        liquid, heat = states[body.place], body.heat(states) if body.lagging or self.ducts else None
        if liquid.boiling != CALM or (heat is not None and heat.fading):
            return None
        surroundings, flows = body.surroundings, STILL if heat is None else self._network((liquid,), (heat,))[0]
        boils = body.dries_hot if liquid.level == EMPTY else body.boils
        capacity = body.capacity(liquid)
        return Still(capacity, body.vessel.loss, surroundings.ambient, surroundings.boiling_point, boils, flows, liquid.mass)

    def course(self, began: int, liquids: Sequence[Liquid], states: Sequence[Any], longest: float) -> Course:
        """From `began` (virtual ns), for at most `longest` s."""
        heats = [body.heat(states) for body in self.bodies]
        flows, starts = self._starts(liquids, heats)
        inflows = [start.exchange.inflow for start in starts]
        longest = min([longest, *_levels(self.bodies, liquids, starts)])
        passing = varying(self.bodies, self.ducts, liquids, heats, flows)
        if passing is not None:
            steady = exchanges(self.bodies, self.ducts, liquids, flows, without=flows.starved)
            starts = self._started(liquids, heats, steady)
        development = self._in_degrees(thermal.develop(starts, longest, passing), liquids)
        first, changes = self._changes(liquids, inflows, development)
        if first is None and development.rests:
            return Course(began, NEVER, {}, flows, development)
        return Course(began, due_after(began, development.span if first is None else first), changes, flows, development)

    def _in_degrees(self, development: Development, liquids: Sequence[Liquid]) -> Development:
        """Of its paths, the temperatures in degC."""
        paths = zip(development.paths, liquids, strict=True)
        return development._replace(
            paths=tuple(path._replace(temperature=[liquid.temperature, *path.temperature[1:]]) for path, liquid in paths)
        )

    def _changes(
        self, liquids: Sequence[Liquid], inflows: Sequence[float], development: Development
    ) -> tuple[float | None, dict[int, Change]]:
        """When the first modes are over (s), and which are within the same nanosecond."""
        found = list(self._crossed(liquids, inflows, development))
        first = min((time for time, _, _ in found), default=None)
        together: dict[int, Change] = {}
        for time, i, change in found:
            if first is not None and time <= first + NS / 2:
                together[i] = {**together.get(i, {}), **change}
        return first, together

    def _crossed(
        self, liquids: Sequence[Liquid], inflows: Sequence[float], development: Development
    ) -> Iterator[tuple[float, int, Change]]:
        for i, (body, liquid, path) in enumerate(zip(self.bodies, liquids, development.paths, strict=True)):
            for positive, change in crossings(body, liquid, path, asked_of(i, self.ducts), inflows[i]):
                time = first_crossing(positive, development.span)
                if time is not None:
                    yield time, i, change

    # -- what the vessels give each other --------------------------------------------------------------------------

    def _starts(self, liquids: Sequence[Liquid], heats: Sequence[Heat]) -> tuple[Flows, list[Start]]:
        flows, given = self._network(liquids, heats)
        return flows, self._started(liquids, heats, given)

    def _started(self, liquids: Sequence[Liquid], heats: Sequence[Heat], given: Sequence[Exchange]) -> list[Start]:
        return [
            Start(
                liquid.temperature - body.surroundings.ambient,
                liquid.mass,
                body.capacity(liquid),
                liquid.boiling == BOILING,
                liquid.level != PARTLY,
                heat,
                exchange,
            )
            for body, liquid, heat, exchange in zip(self.bodies, liquids, heats, given, strict=True)
        ]

    def _network(self, liquids: Sequence[Liquid], heats: Sequence[Heat]) -> Network:
        modes = tuple([_mode(liquid) for liquid in liquids])
        if (BOILING, EMPTY) in modes:  # what it passes on depends on more than the modes
            return self._made(liquids, heats)
        network = self.networks.get(modes)
        if network is None:
            if len(self.networks) >= MODES:
                self.networks.clear()
            network = self.networks[modes] = self._made(liquids, heats)
        return network

    def _made(self, liquids: Sequence[Liquid], heats: Sequence[Heat]) -> Network:
        flows = distribute(self.ducts, dry(self.bodies, self.ducts, liquids, heats)) if self.ducts else STILL
        return flows, exchanges(self.bodies, self.ducts, liquids, flows)


def _is_settled(body: Body, liquid: Liquid) -> bool:
    """Whether a vessel to which no pipe leads is in the mode that it stays in."""
    below = liquid.temperature < body.surroundings.boiling_point
    return liquid.boiling == CALM and below and (liquid.level != PARTLY or 0.0 < liquid.mass < body.vessel.capacity)


def _mode(liquid: Liquid) -> tuple[int, int]:
    return liquid.boiling, liquid.level


def _levels(bodies: Sequence[Body], liquids: Sequence[Liquid], starts: Sequence[Start]) -> Iterator[float]:
    """When calm vessels will be empty or full, s: nothing need be known of later."""
    for body, liquid, start in zip(bodies, liquids, starts, strict=True):
        gain = start.exchange.gain
        if gain and not start.held_mass and not start.held_temperature:
            yield max((body.vessel.capacity - liquid.mass if gain > 0 else -liquid.mass) / gain, NS)
