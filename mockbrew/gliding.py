"""Long silence, quickly: loops that have a plain vessel each for themselves go through many of their boundaries at a time.

This is no law of its own. It does what a flight does, with the same functions and so to the same bit, but it does not look at all the
rest of the cell at each boundary: nothing that such a loop does reaches further than its own vessel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

from mockbrew.clock import NEVER, SECOND
from mockbrew.courses import Still
from mockbrew.devices.loop import Loop
from mockbrew.devices.probe import Probe
from mockbrew.devices.switch import TURN_OFF, TURN_ON
from mockbrew.devices.vessel import CALM
from mockbrew.faults.active import mind_commands
from mockbrew.flight import Flight
from mockbrew.sight import Sight

SAMPLES = 4  # of the quickest loop for each boundary that may be crossed: they cost about as much


def glide(flight: Flight, due: int, until: int, seed: str, limit: int) -> int | None:
    """Take the loops of a flight from `due` towards `until` (virtual ns), by about `limit` boundaries.

    Up to when they have gone, if nothing has kept them; None if none can go, or not far.
    """
    if flight.cell.interlocks or mind_commands(flight.sound, flight.faults):
        return None
    running = {number: flight.cell.controllers[number][1] for number, at in enumerate(flight.dues) if at < NEVER}
    loops = {number: loop for number, loop in running.items() if isinstance(loop, Loop) and type(loop).act is Loop.act}
    if not loops or len(loops) < len(running):
        return None
    step = SAMPLES * min(loop.pace for loop in loops.values())
    if until - due <= step or not _confined(flight, loops):
        return None
    end = min(until, due + limit * step)
    went = [Glider(flight, number, loop, still, seed).goes(end) for number, loop in loops.items() if (still := _still(flight, number))]
    return end if any(went) else None


def _still(flight: Flight, number: int) -> Still | None:
    """What stays as it is in the vessel of a loop."""
    (vessel,) = flight.cell.attached[number]
    return flight.layout.part_of[vessel].still(flight.states)


def _confined(flight: Flight, loops: Mapping[int, Loop]) -> bool:
    """Whether each loop has a vessel for itself, and none can change what any pipe asks for."""
    vessels = [vessel for number in loops for vessel in flight.cell.attached[number]]
    if len(vessels) != len(loops) or len(set(vessels)) != len(vessels):
        return False
    outputs = {output for loop in loops.values() for output in loop.orders[0][0]}
    return all(_plain(flight, number, loop) for number, loop in loops.items()) and not opens(flight, outputs)


def _plain(flight: Flight, number: int, loop: Loop) -> bool:
    """Whether a loop senses and heats a plain vessel at once, and its outputs are as it has left them."""
    cell = flight.cell
    vessels, state = cell.attached[number], flight.states[cell.controllers[number][0]]
    if len(vessels) != 1 or not state.on or loop.due(state) != flight.dues[number]:
        return False
    (vessel,) = vessels
    body = cell.bodies[vessel]
    calm = flight.layout.part_of[vessel].plain and flight.states[body.place].boiling == CALM and not body.lagging
    sensing = body.immersed.get(cell.places[loop.probe])
    known = sensing is not None and sensing.device.readings["temperature"].read is Probe.read  # of which is known what it looks at
    return calm and known and all(_as_left(flight, loop, state).values())


def _as_left(flight: Flight, loop: Loop, state: Any) -> dict[str, bool]:
    """By output: whether it is as ordered, and nothing but a heater of this vessel or a switch that moves nothing."""
    cell, left = flight.cell, {}
    for output, verb in loop.orders[state.heating][_pumping(state)].items():
        place = cell.places[output]
        device, before = cell.devices[place], flight.states[place]
        switches = device.verbs["turn_on"] is TURN_ON and device.verbs["turn_off"] is TURN_OFF  # which do not ask for the time
        mine = switches and (place in cell.heated) == (output in loop.heaters) and place not in cell.controller_at
        left[output] = mine and device.verbs[verb].apply(device, before, flight.at) is before
    return left


def opens(flight: Flight, controlled: Set[str]) -> bool:
    """Whether a pipe hangs on a controlled pump or valve, and no valve that nobody controls shuts it."""
    plumbing = flight.cell.plumbing
    hanging = [place for place, pipe in plumbing.pipes if pipe.pump in controlled or not controlled.isdisjoint(pipe.valves)]
    shut = [
        any(not gate.passes(flight.states[at]) and gate.name not in controlled for at, gate in plumbing.gates[place]) for place in hanging
    ]
    return not all(shut)


def _pumping(state: Any) -> int:
    """Of loops without pumps, 0."""
    return getattr(state, "pumping", 0)


class Glider:
    """A loop in a plain vessel of its own (the `Process` of the loop). What it moves is written back at the end."""

    __slots__ = (
        *("at", "body", "course", "device", "due", "flight", "heated", "heating", "loop", "number", "others", "probe", "pumping"),
        *("read", "seen", "seen_at", "sensing", "sight", "steady", "still", "vessel"),
    )

    def __init__(self, flight: Flight, number: int, loop: Loop, still: Still, seed: str) -> None:
        cell, states = flight.cell, flight.states
        (self.vessel,) = cell.attached[number]
        self.flight, self.number, self.loop, self.still, self.at = flight, number, loop, still, flight.at
        self.body, self.probe = cell.bodies[self.vessel], cell.places[loop.probe]
        self.sensing = self.body.immersed[self.probe]
        self.others = [(place, sensing) for place, sensing in self.body.immersed.items() if place != self.probe]
        self.device, self.read = self.sensing.device, self.sensing.device.readings["temperature"].read
        self.seen_at = -1  # virtual ns
        self.seen: Any = None  # the state of the probe then
        state = states[cell.controllers[number][0]]
        self.heating, self.pumping = state.heating, _pumping(state)
        self.heated = [self._ordered(loop.heaters, heating) for heating in (0, 1)]
        self.steady = [self.body.steady([*map(heated.get, range(len(states)), states)]) for heated in self.heated]
        self.sight = Sight(flight, flight.at, seed)
        self.course = flight.course(self.vessel)
        self.due = self.course.due

    def goes(self, until: int) -> bool:
        """Whether it has got further, on the way to `until` (virtual ns)."""
        flight, place = self.flight, self.flight.cell.controllers[self.number][0]
        before = flight.states[place]
        after = flight.states[place] = self.loop.run(before, until, self)
        due = self.loop.due(after)
        flight.dues[self.number] = NEVER if due is None else due
        flight.at = max(flight.at, self.at)
        self._write_back()
        return bool(after != before)

    def sense(self) -> Any:
        """What the loop reads."""
        self.sight.at = self.at
        return self.read(self.device, self._sensed(), self.sight)

    def order(self, heating: int, pumping: int) -> None:
        """The outputs are as the loop has left them: what is nothing new changes nothing."""
        self.pumping = pumping
        if heating != self.heating:
            self.switch(heating, 0)

    def switch(self, heating: int, manual: int) -> int:
        """From here on the vessel takes another course. Nobody has switched anything by hand."""
        at, course, states = self.at, self.course, self.flight.states
        elapsed = (at - course.began) / SECOND
        if elapsed:
            states[self.probe] = self._sensed()
            for place, sensing in self.others:
                states[place] = sensing.at(states[place], course, 0, at)
        self.heating = heating
        self.course = course = self.still.relaxation(at, course.temperature(0, elapsed), self.steady[heating])
        self.due = course.due
        return manual

    def _sensed(self) -> Any:
        """The state of the probe now; a sample and a switch ask for it at one instant."""
        at = self.at
        if self.seen_at != at:
            state, course = self.flight.states[self.probe], self.course
            self.seen_at, self.seen = at, state if course.began == at else self.sensing.at(state, course, 0, at)
        return self.seen

    def _ordered(self, outputs: Iterable[str], heating: int) -> dict[int, Any]:
        """The states of outputs, by place, as the loop orders them."""
        cell, orders = self.flight.cell, self.loop.orders[heating][self.pumping]
        places = [(cell.places[output], orders[output]) for output in outputs]
        return {
            place: cell.devices[place].verbs[verb].apply(cell.devices[place], self.flight.states[place], self.at) for place, verb in places
        }

    def _write_back(self) -> None:
        flight, course = self.flight, self.course
        states = {**self.heated[self.heating], **self._ordered(self.loop.stirrers, self.heating)}
        states[self.body.place] = flight.states[self.body.place]._replace(temperature=course.temperature(0, 0.0))
        for place, state in states.items():
            flight.states[place] = state
        flight.courses[self.vessel], flight.since[self.vessel] = course, course.began
