"""Parts of a cell: the vessels that open pipes join, which go on together; and the courses that they take between two boundaries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockbrew import thermal
from mockbrew.bodies import Body, Change
from mockbrew.calm import Calm, develop_calm
from mockbrew.clock import NEVER
from mockbrew.courses import Course, Relaxation, Still, due_after
from mockbrew.development import Development, develop
from mockbrew.devices.vessel import BOILING, CALM, EMPTY, PARTLY, Liquid
from mockbrew.exchanges import STILL, Network, exchanges, network_of, varying
from mockbrew.flows import Duct, Flows
from mockbrew.modes import crossings, settled
from mockbrew.series import first_crossing
from mockbrew.thermal import Exchange, Heat, Start
from mockbrew.webs import Web

MODES = 64  # combinations of modes whose exchanges a part remembers
NS = 1e-9  # s
ROUNDING = 1e-9  # K or kg, of a bound


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
        if all(map(_is_settled if self.plain else _is_between, self.bodies, liquids)):
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
        surroundings, flows = body.surroundings, STILL if heat is None else self._network((liquid,), (heat,)).flows
        boils = body.dries_hot if liquid.level == EMPTY else body.boils
        capacity = body.capacity(liquid)
        return Still(capacity, body.vessel.loss, surroundings.ambient, surroundings.boiling_point, boils, flows, liquid.mass)

    def course(self, began: int, liquids: Sequence[Liquid], states: Sequence[Any], longest: float) -> Course:
        """From `began` (virtual ns), for at most `longest` s."""
        heats = [body.heat(states) for body in self.bodies]
        network = self._network(liquids, heats)
        longest = min([longest, *_levels(self.bodies, liquids, network)])
        if network.web is None or any(heat.fading for heat in heats):
            development = self._developed(liquids, heats, network, longest)
            endangered: Sequence[int] = range(len(self.bodies))
        else:
            development = develop_calm(self._calm(liquids, heats, network, network.web), longest)
            endangered = self._endangered(liquids, network, development)
        first, changes = self._changes(liquids, network, development, endangered)
        if first is None and development.rests:
            return Course(began, NEVER, {}, network.flows, development)
        return Course(began, due_after(began, development.span if first is None else first), changes, network.flows, development)

    def _calm(self, liquids: Sequence[Liquid], heats: Sequence[Heat], network: Network, web: Web) -> Calm:
        """Where these start that are calm, and stay so for a while."""
        room = self.bodies[0].surroundings.ambient
        return Calm(
            web,
            [liquid.temperature - room for liquid in liquids],
            [liquid.temperature for liquid in liquids],
            [liquid.mass for liquid in liquids],
            [body.capacity(liquid) for body, liquid in zip(self.bodies, liquids, strict=True)],
            [heat.steady + each.constant for heat, each in zip(heats, network.exchanges, strict=True)],
        )

    def _endangered(self, liquids: Sequence[Liquid], network: Network, development: Development) -> Sequence[int]:
        """The vessels of which a mode may end: most are far from it."""
        hot = self.bodies[0].surroundings.boiling_point - ROUNDING - development.swing
        near = {*network.watched, *[i for i, liquid in enumerate(liquids) if liquid.temperature >= hot]}
        for i in network.growing:
            mass = liquids[i].mass + network.exchanges[i].gain * development.span
            if not ROUNDING < mass < self.bodies[i].vessel.capacity - ROUNDING:
                near.add(i)
        return sorted(near)

    def _developed(self, liquids: Sequence[Liquid], heats: Sequence[Heat], network: Network, longest: float) -> Development:
        """In general."""
        passing = varying(self.bodies, self.ducts, liquids, heats, network.flows)
        given = network.exchanges
        if passing is not None:
            given = exchanges(self.bodies, self.ducts, liquids, network.flows, without=network.flows.starved)
        return self._in_degrees(develop(self._started(liquids, heats, given), longest, passing), liquids)

    def _in_degrees(self, development: Development, liquids: Sequence[Liquid]) -> Development:
        """Of its paths, the temperatures in degC."""
        paths = zip(development.paths, liquids, strict=True)
        return development._replace(
            paths=tuple(path._replace(temperature=[liquid.temperature, *path.temperature[1:]]) for path, liquid in paths)
        )

    def _changes(
        self, liquids: Sequence[Liquid], network: Network, development: Development, endangered: Iterable[int]
    ) -> tuple[float | None, dict[int, Change]]:
        """When the first modes are over (s), and which are within the same nanosecond."""
        found = list(self._crossed(liquids, network, development, endangered))
        first = min((time for time, _, _ in found), default=None)
        together: dict[int, Change] = {}
        for time, i, change in found:
            if first is not None and time <= first + NS / 2:
                together[i] = {**together.get(i, {}), **change}
        return first, together

    def _crossed(
        self, liquids: Sequence[Liquid], network: Network, development: Development, endangered: Iterable[int]
    ) -> Iterator[tuple[float, int, Change]]:
        for i in endangered:
            inflow = network.exchanges[i].inflow
            for positive, change in crossings(self.bodies[i], liquids[i], development.paths[i], network.asked[i], inflow):
                time = first_crossing(positive, development.span)
                if time is not None:
                    yield time, i, change

    # -- what the vessels give each other --------------------------------------------------------------------------

    def _starts(self, liquids: Sequence[Liquid], heats: Sequence[Heat]) -> tuple[Flows, list[Start]]:
        network = self._network(liquids, heats)
        return network.flows, self._started(liquids, heats, network.exchanges)

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
            return network_of(self.bodies, self.ducts, liquids, heats)
        known = self.networks.get(modes)
        if known is None:
            if len(self.networks) >= MODES:
                self.networks.clear()
            known = self.networks[modes] = network_of(self.bodies, self.ducts, liquids, heats)
        return known


def _is_settled(body: Body, liquid: Liquid) -> bool:
    """Whether a vessel to which no pipe leads is in the mode that it stays in."""
    return _is_between(body, liquid) or (liquid.level != PARTLY and liquid.boiling == CALM and _is_below(body, liquid))


def _is_between(body: Body, liquid: Liquid) -> bool:
    """Whether a vessel stays in its mode for a while, whatever flows."""
    return liquid.boiling == CALM and liquid.level == PARTLY and 0.0 < liquid.mass < body.vessel.capacity and _is_below(body, liquid)


def _is_below(body: Body, liquid: Liquid) -> bool:
    return liquid.temperature < body.surroundings.boiling_point


def _mode(liquid: Liquid) -> tuple[int, int]:
    return liquid.boiling, liquid.level


def _levels(bodies: Sequence[Body], liquids: Sequence[Liquid], network: Network) -> Iterator[float]:
    """When calm vessels will be empty or full, s: nothing need be known of later."""
    for i in network.growing:
        gain, liquid = network.exchanges[i].gain, liquids[i]
        yield max((bodies[i].vessel.capacity - liquid.mass if gain > 0 else -liquid.mass) / gain, NS)
