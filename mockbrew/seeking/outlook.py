"""Outlooks: bounds of readings for a long time in which controllers act, whatever they do.

A loop switches heaters and pumps on and off. Where that opens no pipe, each vessel stays between what it would be with all of its heaters
off and what it would be with all of them on, since more heat never makes it colder. So who looks for something far away need not look
at every sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockbrew import thermal
from mockbrew.bodies import Body
from mockbrew.clock import NEVER, SECOND
from mockbrew.conditions.intervals import Interval, Undecided
from mockbrew.devices.base import HeatSource
from mockbrew.devices.loop import SWITCHED, Loop
from mockbrew.devices.vessel import CALM
from mockbrew.faults.failing import minds_commands
from mockbrew.flight import Flight
from mockbrew.gliding import opens
from mockbrew.seeking.bounds import Bounds, exactly, joined, roomy


class Outlook(Bounds):
    """A cell from `low` to `high` (virtual ns), whatever its loops do meanwhile: as a `Bounds`, but that more is undecided."""

    def __init__(self, flight: Flight, low: int, high: int, seed: str) -> None:
        super().__init__(flight, low, high, seed)
        running = [(place, loop) for place, loop in _running(flight) if isinstance(loop, Loop)]
        self.controllers = {place for place, _ in running}
        self.outputs = {flight.cell.places[output] for _, loop in running for output in loop.orders[0][0]}

    def flow(self, pipe: str) -> Any:
        """As in a stretch, where nothing changes it."""
        flight = self.flight
        place = flight.cell.places[pipe]
        if place in flight.layout.ducts and not flight.layout.ducts[place][0].plain:
            raise Undecided
        return super().flow(pipe)

    def _state(self, place: int) -> Any:
        flight = self.flight
        state, number = flight.states[place], flight.cell.body_of.get(place)
        if place in self.controllers:
            raise Undecided
        if number is not None:
            state = self._moved(place, number)
        if place not in self.outputs:
            return state
        if not hasattr(state, "on"):
            raise Undecided
        return state._replace(on=Interval(0, 1))

    def _moved(self, place: int, number: int) -> Any:
        flight = self.flight
        body, state = flight.cell.bodies[number], flight.state_at(place, self.low)
        if place in body.lagging:
            return state._replace(heat=exactly(*self._heat(place, body.lagging[place])))
        warmth = self._warmth(number)
        if place == body.place:
            return state._replace(temperature=warmth)
        sensed = joined(state[0], warmth)
        return body.immersed[place].device.layout(sensed, None if state[1] is None else joined(state[1], sensed), *state[2:])

    def _warmth(self, number: int) -> Any:
        """degC of a vessel that keeps its mass and does not boil."""
        flight = self.flight
        body = flight.cell.bodies[number]
        liquid = flight.state_at(body.place, self.low)
        if not flight.layout.part_of[number].plain or liquid.boiling != CALM:
            raise Undecided
        now, capacity, loss = liquid.temperature, body.capacity(liquid), body.vessel.loss
        span, lost = (self.high - self.low) / SECOND, loss * (now - body.surroundings.ambient)
        least, most = (now + (heat - lost) / capacity * thermal.relaxed(loss / capacity, span) for heat in self._heats(body))
        warmth = roomy(min(now, least), max(now, most))
        if warmth.high >= body.surroundings.boiling_point:
            raise Undecided
        return warmth

    def _heats(self, body: Body) -> tuple[float, float]:
        """W, the least and the most."""
        each = [self._heat(place, source) for place, source in body.sources]
        return sum([low for low, _ in each]), sum([high for _, high in each])

    def _heat(self, place: int, source: HeatSource) -> tuple[float, float]:
        state = self.flight.state_at(place, self.low)
        given = [source.heat(each) for each in self._orders(place, source, state)]
        flowing = [state.heat] if source.time_constant else []
        return min(given + flowing), max(given + flowing)

    def _orders(self, place: int, source: HeatSource, state: Any) -> Iterator[Any]:
        """The states that it may be told to be in."""
        yield state
        if place in self.outputs:
            yield from (source.verbs[verb].apply(source, state, self.low) for verb in SWITCHED)


def foreseeable(flight: Flight) -> int:
    """Up to when (virtual ns) an outlook can tell something; 0 if not at all."""
    loops = [loop for _, loop in _running(flight)]
    cell = flight.cell
    if not all(isinstance(loop, Loop) and type(loop).act is Loop.act for loop in loops):
        return 0
    if any(minds_commands(each, cell.devices[cell.places[each.fault.device]]) for each in flight.faults):
        return 0
    outputs = {output for loop in loops if isinstance(loop, Loop) for output in loop.orders[0][0]}
    if opens(flight, outputs) or any(flight.cell.places[output] in flight.cell.controller_at for output in outputs):
        return 0
    return min([NEVER, *flight.edges]) - 1


def _running(flight: Flight) -> Iterator[tuple[int, Any]]:
    """Controllers that will act, with their places."""
    return ((place, controller) for (place, controller), due in zip(flight.cell.controllers, flight.dues, strict=True) if due < NEVER)
