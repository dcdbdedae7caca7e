"""What the vessels of a part give each other, the mains and the room, duct by duct; and which of the flows vary."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from mockbrew.bodies import Body
from mockbrew.constants import LATENT, WATER
from mockbrew.devices.vessel import BOILING, CALM, EMPTY, HOT, PARTLY, Liquid
from mockbrew.flows import OUTSIDE, Dry, Duct, Flows, asked_of, distribute, feed
from mockbrew.passing import Entering, Passing
from mockbrew.thermal import Exchange, Heat
from mockbrew.webs import Web, make_web

STILL = Flows((), {})


class Network(NamedTuple):
    """What the vessels of a part give each other while their modes last, by number.

    web: the same for `calm`; None if one boils. asked: kg/s that the outlets of each one ask for. growing: those whose mass does, or
    shrinks, steadily. watched: those whose mode may end by more than by that and by getting hot.
    """

    flows: Flows
    exchanges: tuple[Exchange, ...]
    web: Web | None
    asked: tuple[float, ...]
    growing: tuple[int, ...]
    watched: tuple[int, ...]


def network_of(bodies: Sequence[Body], ducts: Sequence[Duct], liquids: Sequence[Liquid], heats: Sequence[Heat]) -> Network:
    """Of vessels in these modes."""
    flows = distribute(ducts, dry(bodies, ducts, liquids, heats)) if ducts else STILL
    given = exchanges(bodies, ducts, liquids, flows)
    gains = tuple([each.gain if liquid.level == PARTLY else 0.0 for each, liquid in zip(given, liquids, strict=True)])
    watched = [i for i, liquid in enumerate(liquids) if liquid.level != PARTLY or liquid.boiling != CALM]
    growing = [i for i, liquid in enumerate(liquids) if gains[i] and liquid.boiling == CALM]
    boils = any(liquid.boiling == BOILING for liquid in liquids)
    web = None if boils else make_web([each.rates for each in given], [each.gain for each in given], gains)
    return Network(flows, given, web, _asked(len(bodies), ducts), tuple(growing), tuple(watched))


def exchanges(
    bodies: Sequence[Body], ducts: Sequence[Duct], liquids: Sequence[Liquid], flows: Flows, without: Collection[int] = ()
) -> tuple[Exchange, ...]:
    """What each vessel gets at these flows; `without` what flows out of some of them."""
    table = _Table(bodies, liquids)
    for duct, flow in zip(ducts, flows.through, strict=True):
        if duct.source not in without:
            table.add(duct, flow)
    return table.exchanges()


def dry(bodies: Sequence[Body], ducts: Sequence[Duct], liquids: Sequence[Liquid], heats: Sequence[Heat]) -> dict[int, Dry]:
    """The vessels without liquid, by number."""
    return {i: _dry(i, bodies[i], ducts, liquids, heats[i]) for i, liquid in enumerate(liquids) if liquid.level == EMPTY}


def varying(
    bodies: Sequence[Body], ducts: Sequence[Duct], liquids: Sequence[Liquid], heats: Sequence[Heat], flows: Flows
) -> Passing | None:
    """The outflows of starved vessels, if they vary: if one of these boils."""
    starved = sorted(vessel for vessel, out in flows.starved.items() if out > 0.0)
    boiling = {vessel for vessel in starved if liquids[vessel].boiling == BOILING}
    if not boiling:
        return None
    asked = {vessel: asked_of(vessel, ducts) for vessel in starved}
    return Passing(
        {vessel: flows.starved[vessel] for vessel in starved},
        [
            Entering(duct.source, duct.destination, duct.demand / asked[duct.source], duct.arrives)
            for duct in ducts
            if duct.source in asked and duct.destination != OUTSIDE and not duct.is_loop
        ],
        feed(starved, ducts, dry(bodies, ducts, liquids, heats), asked),
        boiling=boiling,
        hot={i: _boiling(body) for i, body in enumerate(bodies) if liquids[i].boiling == HOT},
    )


def _asked(vessels: int, ducts: Sequence[Duct]) -> tuple[float, ...]:
    """What the outlets of each vessel ask for together, kg/s."""
    asked = [0.0] * vessels
    for duct in ducts:
        if duct.source != OUTSIDE and not duct.is_loop:
            asked[duct.source] += duct.demand
    return tuple(asked)


def _dry(i: int, body: Body, ducts: Sequence[Duct], liquids: Sequence[Liquid], heat: Heat) -> Dry:
    if liquids[i].boiling != BOILING:
        return Dry(closed=liquids[i].boiling == HOT)
    boiling_point, room = body.surroundings.boiling_point, body.surroundings.ambient
    steam = (heat.term(0) - body.vessel.loss * (boiling_point - room)) / LATENT
    arriving = {duct.place: _arrival(duct, liquids, room) for duct in ducts if duct.destination == i}
    return Dry(steam=steam, passed={place: 1.0 - WATER * (warm - boiling_point) / LATENT for place, warm in arriving.items()})


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


def _boiling(body: Body) -> float:
    """The boiling point, K above the room."""
    return body.surroundings.boiling_point - body.surroundings.ambient


class _Table:
    """The exchanges of all vessels of a part, duct by duct. All temperatures are counted from the room's: its own share is none."""

    def __init__(self, bodies: Sequence[Body], liquids: Sequence[Liquid]) -> None:
        self.bodies, self.liquids = bodies, liquids
        self.rates: list[dict[int, float]] = [{i: -body.vessel.loss} for i, body in enumerate(bodies)]
        self.constants = [0.0] * len(bodies)
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
        self._from(duct, to, heat * duct.arrives * kept)
        if kept < 1.0:
            self._rate(to, duct.coil, heat * duct.arrives * (1.0 - kept))
        if self.liquids[to].boiling == HOT:  # it is warmed to the boiling point and turns to steam
            self.constants[to] -= heat * _boiling(self.bodies[to]) + flow * LATENT
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
            self.constants[to] += conductance * (duct.mains - self.bodies[to].surroundings.ambient)
        else:
            self._rate(to, duct.source, conductance)

    def _rate(self, to: int, by: int, conductance: float) -> None:
        self.rates[to][by] = self.rates[to].get(by, 0.0) + conductance
