"""A cell on its way from boundary to boundary. What moves is here; what the plant shows of it is frozen.

Each body has its own last boundary, `since`, and goes on from there on the course of its part. What changes nothing of a part, such as
a sample that leaves the heater as it is, does not end its course.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockbrew.bodies import liquid_at, warmed_at
from mockbrew.cells import Cell
from mockbrew.clock import DAY, NEVER, SECOND
from mockbrew.courses import Course, Relaxation
from mockbrew.devices.base import Controller
from mockbrew.devices.declare import NONE, Value
from mockbrew.parts import Part

# s: how far a course looks ahead. With a controller on, something will change soon, and a short series is a cheap one.
AHEAD, AHEAD_CONTROLLED = DAY / SECOND, 32.0


class Flight:
    """The states of a cell: of what a body carries, as of the instant in `since`; of all else, as of now. `at`: the last boundary (ns)."""

    __slots__ = ("at", "cell", "courses", "dues", "layout", "since", "states")

    def __init__(self, cell: Cell, at: int, states: Iterable[Any], since: Iterable[int] = ()) -> None:
        self.cell, self.at, self.states = cell, at, list(states)
        self.since = list(since) or [at] * len(cell.bodies)
        self.dues = [self._first_due(number) for number in range(len(cell.controllers))]
        self.layout = cell.plumbing.layout(self.states)
        self.courses: list[Course | Relaxation | None] = [None] * len(cell.bodies)

    def _first_due(self, number: int) -> int:
        """When a controller acts next, virtual ns: not before what it looks at stands there."""
        place, controller = self.cell.controllers[number]
        return max(_due(controller, self.states[place]), *[self.since[body] for body in self.cell.attached[number]], 0)

    def copy(self) -> Flight:
        """One that can be moved while this one stays."""
        other = object.__new__(Flight)
        other.cell, other.at, other.layout = self.cell, self.at, self.layout
        other.states, other.since = list(self.states), list(self.since)
        other.dues, other.courses = list(self.dues), list(self.courses)
        return other

    # -- looking ---------------------------------------------------------------------------------------------------

    def next_boundary(self) -> int:
        """Virtual ns, or NEVER."""
        first = min(self.dues, default=NEVER)
        for number, course in enumerate(self.courses):
            due = (course or self.course(number)).due
            first = min(first, due)
        return first

    def course(self, number: int) -> Course | Relaxation:
        """Of the part to which this body belongs."""
        course: Course | Relaxation | None = self.courses[number]
        if course is None:
            part = self.layout.part_of[number]
            course = part.relaxation(self.since[number], self.states) if part.plain else None
            if course is None:
                course = part.course(self.since[number], self._liquids(part), self.states, self._ahead(part))
            for each in part.numbers:
                self.courses[each] = course
        return course

    def state_at(self, place: int, at: int) -> Any:
        """The state of a device or vessel at `at` (virtual ns), up to which nothing is due."""
        state, number = self.states[place], self.cell.body_of.get(place)
        if number is None or self.since[number] == at:
            return state
        body, began = self.cell.bodies[number], self.since[number]
        course, i = self.courses[number] or self.course(number), self.layout.number_in_part[number]
        sensing = body.immersed.get(place)
        if sensing is not None:
            return sensing.at(state, course, i, at)
        if place == body.place:
            elapsed = (at - began) / SECOND
            return liquid_at(body, state, course.temperature(i, elapsed), course.mass(i, elapsed))
        return warmed_at(body.lagging[place], state, (at - began) / SECOND)

    def flow(self, place: int, at: int) -> float:
        """kg/s through the pipe that stands there."""
        if place not in self.layout.ducts:
            return 0.0
        part, i = self.layout.ducts[place]
        return self.course(part.numbers[0]).flow(i, part.ducts[i].source, at)

    # -- moving ----------------------------------------------------------------------------------------------------

    def cross(self, sight: Sight) -> None:
        """The boundary at the instant of a sight of this flight, the next one: first what vessels do, then what controllers do."""
        at = sight.at
        self.at = max(self.at, at)  # some parts may be ahead
        for number, course in enumerate(self.courses):
            if course is not None and course.due <= at:
                self._change_modes(self.layout.part_of[number], at)
        touched: set[int] = set()
        for number, due in enumerate(self.dues):
            if due <= at:
                self._act(number, sight, touched)
        if touched:
            self._anew(touched, at)

    def order(self, at: int, place: int, verb: str, arguments: Mapping[str, Any]) -> None:
        """A command at `at` (virtual ns), up to which nothing is due. All parts go on anew from there."""
        self.at = at
        for number in range(len(self.cell.bodies)):
            self.move(self.layout.part_of[number], at)
        self._apply(place, verb, at, arguments, set())
        self._anew(set(range(len(self.cell.bodies))), at)

    def settle(self) -> None:
        """Let every vessel take the mode that follows at once."""
        self._anew(set(range(len(self.cell.bodies))), self.at)

    def _change_modes(self, part: Part, at: int) -> None:
        changes = self.course(part.numbers[0]).changes
        self.move(part, at)
        for i, change in changes.items():
            place = part.bodies[i].place
            self.states[place] = self.states[place]._replace(**change)
        if changes:
            self._settle(part)

    def _act(self, number: int, sight: Sight, touched: set[int]) -> None:
        """Let a controller act; `touched` gets the bodies for which something is different then."""
        place, controller = self.cell.controllers[number]
        state, orders = controller.act(self.states[place], sight)
        self.states[place] = state
        self.dues[number] = due = _due(controller, state)
        if due <= sight.at:
            raise RuntimeError(f"{controller.name}: kind {controller.kind!r} wants to act twice at one instant, {sight.at} ns")
        if due == NEVER:
            touched |= self.cell.attached[number]
        for output, verb in orders.items():
            place = self.cell.places[output]
            device, before = self.cell.devices[place], self.states[place]
            if device.verbs[verb].apply(device, before, sight.at) is not before:
                self._apply(place, verb, sight.at, NONE, touched)

    def _apply(self, place: int, verb: str, at: int, arguments: Mapping[str, Any], touched: set[int]) -> None:
        device, before = self.cell.devices[place], self.states[place]
        after = device.verbs[verb].apply(device, before, at, **arguments)
        if place in self.cell.heated:
            number = self.cell.heated[place]
            self.move(self.layout.part_of[number], at)
            touched.add(number)
            if self.states[place] is not before:  # its heat has moved too
                after = device.verbs[verb].apply(device, self.states[place], at, **arguments)
        self.states[place] = after
        if place in self.cell.controller_at:
            number = self.cell.controller_at[place]
            self.dues[number] = _due(self.cell.controllers[number][1], after)
            touched |= self.cell.attached[number]
        if place in self.cell.valved:
            self._lay_out(at, touched)

    def _lay_out(self, at: int, touched: set[int]) -> None:
        layout = self.cell.plumbing.layout(self.states)
        if layout is not self.layout:
            touched |= self.cell.plumbing.touched(self.layout.demands, layout.demands)
            for number in touched:
                self.move(self.layout.part_of[number], at)
                self._forget(self.layout.part_of[number])
            self.layout = layout

    def _anew(self, touched: Iterable[int], at: int) -> None:
        """From `at` on, the parts of these bodies go on by themselves."""
        for first in {self.layout.part_of[number].numbers[0] for number in touched}:
            part = self.layout.part_of[first]
            self.move(part, at)
            self._settle(part)

    def move(self, part: Part, at: int) -> None:
        """All that goes on with these bodies, to `at` (virtual ns)."""
        if self.since[part.numbers[0]] == at:
            return
        places = [place for number in part.numbers for place in self.cell.moving[number]]
        for place, state in [(place, self.state_at(place, at)) for place in places]:
            self.states[place] = state
        for number in part.numbers:
            self.since[number], self.courses[number] = at, None

    def _settle(self, part: Part) -> None:
        liquids = self._liquids(part)
        after = part.settled(liquids, self.states)
        if after is not liquids:
            for body, liquid in zip(part.bodies, after, strict=True):
                self.states[body.place] = liquid
        self._forget(part)

    def _forget(self, part: Part) -> None:
        for number in part.numbers:
            self.courses[number] = None

    def _liquids(self, part: Part) -> list[Any]:
        return [self.states[body.place] for body in part.bodies]

    def _ahead(self, part: Part) -> float:
        on = any(due < NEVER and not attached.isdisjoint(part.numbers) for due, attached in zip(self.dues, self.cell.attached, strict=True))
        return AHEAD_CONTROLLED if on else AHEAD


def _due(controller: Controller, state: Any) -> int:
    due = controller.due(state)
    return NEVER if due is None else due


class Sight:
    """A cell as it is at one instant (the `View` of the kinds)."""

    __slots__ = ("at", "flight", "seed", "surroundings")

    def __init__(self, flight: Flight, at: int, seed: str) -> None:
        self.flight, self.at, self.seed = flight, at, seed
        self.surroundings = flight.cell.surroundings

    def state(self, name: str) -> Any:
        """The state of a device or vessel of the cell."""
        return self.flight.state_at(self.flight.cell.places[name], self.at)

    def reading(self, name: str, reading: str) -> Value:
        """What a client would read of it."""
        flight = self.flight
        place = flight.cell.places[name]
        device = flight.cell.devices[place]
        return device.readings[reading].read(device, flight.state_at(place, self.at), self)

    def flow(self, pipe: str) -> float:
        """What flows through a pipe, kg/s."""
        return self.flight.flow(self.flight.cell.places[pipe], self.at)
