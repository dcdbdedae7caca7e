"""A cell on its way from boundary to boundary. What moves is here; what the plant shows of it is frozen.

Each body has its own last boundary, `since`, and goes on from there on the course of its part. What changes nothing of a part, such as
a sample that leaves the heater as it is, or a command to something else, does not end its course. Where a fault of a device begins or
ceases to act, another device is in that place from then on, and all parts go on anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from mockbrew.cells import Cell
from mockbrew.clock import NEVER
from mockbrew.devices.base import Controller
from mockbrew.devices.declare import NONE
from mockbrew.faults import active
from mockbrew.faults.failing import Failings
from mockbrew.inscription import Inscription
from mockbrew.parts import Part
from mockbrew.segment import Segment, due_of
from mockbrew.sight import Sight


class Blocked(NamedTuple):
    """An order of a controller that was not given because it would have broken a rule. at: virtual ns."""

    at: int
    controller: str
    output: str
    verb: str
    rule: str


class Flight(Segment):
    """A cell that moves. blocked: what gets the orders that were not given, if anybody wants to know.

    first: its next boundary once somebody has asked, where it is an anchor's and is not moved any more. inscription: the text of its
    states, or of those of the flight that it was copied from.
    """

    __slots__ = ("blocked", "first", "inscription")

    blocked: list[Blocked] | None
    first: int | None
    inscription: Inscription | None

    def __init__(self, cell: Cell, at: int, states: Iterable[Any], since: Iterable[int] = (), faults: Failings = ()) -> None:
        super().__init__(cell, at, states, since, faults)
        self.blocked = self.first = self.inscription = None

    def copy(self) -> Flight:
        """One that can be moved while this one stays."""
        other = object.__new__(Flight)
        other.cell, other.at, other.layout = self.cell, self.at, self.layout
        other.sound, other.faults, other.edges, other.blocked = self.sound, self.faults, self.edges, None
        other.states, other.since = list(self.states), list(self.since)
        other.dues, other.courses = list(self.dues), list(self.courses)
        other.first, other.inscription = None, self.inscription
        return other

    def cross(self, sight: Sight) -> None:
        """The boundary at the instant of a sight of this flight, the next one: what vessels do, then faults, then controllers."""
        at = sight.at
        self.at = max(self.at, at)  # some parts may be ahead
        for part in self.layout.parts:
            course = self.courses[part.numbers[0]]
            if course is not None and course.due <= at:
                self._change_modes(part, at)
        if self.edges and min(self.edges) <= at:
            self._cross_edges(sight)
        touched: set[int] = set()
        for number, due in enumerate(self.dues):
            if due <= at:
                self._act(number, sight, touched)
        if touched:
            self._anew(touched, at)

    def order(self, sight: Sight, place: int, verb: str, arguments: Mapping[str, Any]) -> None:
        """A command at the instant of a sight of this flight, up to which nothing is due. The parts that it touches go on anew."""
        self.at = sight.at
        touched: set[int] = set()
        self._apply(place, verb, sight, arguments, touched)
        if touched:
            self._anew(touched, sight.at)

    def settle(self) -> None:
        """Let every vessel take the mode that follows at once."""
        self._anew(range(len(self.cell.bodies)), self.at)

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
        self.dues[number] = due = due_of(controller, state)
        if due <= sight.at:
            raise RuntimeError(f"{controller.name}: kind {controller.kind!r} wants to act twice at one instant, {sight.at} ns")
        if due == NEVER:
            touched |= self.cell.attached[number]
        for output, verb in orders.items():
            place = self.cell.places[output]
            device, before = self.cell.devices[place], self.states[place]
            if device.verbs[verb].apply(device, before, sight.at) is not before and not self._blocks(controller, output, verb, sight):
                self._apply(place, verb, sight, NONE, touched)

    def _apply(self, place: int, verb: str, sight: Sight, arguments: Mapping[str, Any], touched: set[int]) -> None:
        at = sight.at
        if self.faults and self._occurs(place, verb, sight, arguments):
            touched.update(range(len(self.cell.bodies)))
        device, before = self.cell.devices[place], self.state_at(place, at)
        after = device.verbs[verb].apply(device, before, at, **arguments)
        if after is before:  # it is as ordered already
            return
        number = self.cell.heated.get(place, self.cell.body_of.get(place))
        if number is not None:
            self.move(self.layout.part_of[number], at)
            touched.add(number)
        self.states[place] = after
        if place in self.cell.controller_at:
            number = self.cell.controller_at[place]
            due, self.dues[number] = self.dues[number], due_of(self.cell.controllers[number][1], after)
            if due == NEVER or self.dues[number] == NEVER:  # how far a course looks ahead depends on that
                touched |= self.cell.attached[number]
        if place in self.cell.valved:
            self._lay_out(place, at, touched)

    def _lay_out(self, place: int, at: int, touched: set[int]) -> None:
        """After a change of the gate or mover that stands there."""
        layout = self.cell.plumbing.after(self.layout, (place,), self.states)
        if layout is not self.layout:
            touched |= self.cell.plumbing.touched(self.layout.demands, layout.demands)
            for number in touched:
                self.move(self.layout.part_of[number], at)
                self._forget(self.layout.part_of[number])
            self.layout = layout

    def _blocks(self, controller: Controller, output: str, verb: str, sight: Sight) -> bool:
        """Whether a rule keeps an order of a controller from being given."""
        if not self.cell.interlocks:
            return False
        trial = self.copy()
        trial.at = sight.at
        trial.settle()
        rule = trial.breaks(Sight(trial, sight.at, sight.seed), self.cell.places[output], verb, NONE)
        if rule is not None and self.blocked is not None:
            self.blocked.append(Blocked(sight.at, controller.name, output, verb, rule))
        return rule is not None

    def breaks(self, sight: Sight, place: int, verb: str, arguments: Mapping[str, Any]) -> str | None:
        """Do as `order`; the first rule of the cell that this breaks."""
        before = Sight(self.copy(), sight.at, sight.seed) if self.cell.interlocks else sight
        self.order(sight, place, verb, arguments)
        broken = [rule for rule in self.cell.interlocks if rule.broken(sight)]  # asked first: most often none is
        return next((rule.name for rule in broken if not rule.broken(before)), None)

    # -- faults ----------------------------------------------------------------------------------------------------

    def fail(self, at: int, faults: Failings) -> None:
        """Have these faults from `at` (virtual ns) on, up to which nothing is due. All parts go on anew from there."""
        self.at = at
        self._move_all(at)
        self._refit(faults, at)
        self.settle()

    def _cross_edges(self, sight: Sight) -> None:
        if self._refit(active.crossed(self.sound, self.faults, sight), sight.at):
            self.settle()

    def _occurs(self, place: int, verb: str, sight: Sight, arguments: Mapping[str, Any]) -> bool:
        """Tell its faults that a device is commanded; whether another one is in some place now."""
        device, before = self.sound.devices[place], self.state_at(place, sight.at)
        states = before, device.verbs[verb].apply(device, before, sight.at, **arguments)
        return self._refit(active.commanded(self.sound, self.faults, device, states, sight), sight.at)

    def _refit(self, faults: Failings, at: int) -> bool:
        """Go on with these faults; whether another device is in some place now. Then all parts have to go on anew."""
        self.faults, self.edges = faults, active.edges(self.sound, faults, at)
        cell = active.broken(self.sound, faults)
        if cell.devices == self.cell.devices:
            return False
        self._move_all(at)
        for place, (old, new) in enumerate(zip(self.cell.devices, cell.devices, strict=True)):
            if old is not new:
                self.states[place] = new.carried(self.states[place], old, at)
        self.cell, self.layout = cell, cell.plumbing.layout(self.states)
        self.courses = [None] * len(cell.bodies)
        return True

    def _move_all(self, at: int) -> None:
        for number in range(len(self.cell.bodies)):
            self.move(self.layout.part_of[number], at)

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
        states, course = self.states, self.course(part.numbers[0])
        for i, body in enumerate(part.bodies):
            for place, state in body.moved(states, course, i, at):
                states[place] = state
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
