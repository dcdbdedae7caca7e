"""A stretch of a cell's way, from a boundary to the next one: what the cell is like meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mockbrew.bodies import liquid_at, warmed_at
from mockbrew.cells import Cell
from mockbrew.clock import DAY, NEVER, SECOND
from mockbrew.courses import Course, Relaxation
from mockbrew.devices.base import Controller
from mockbrew.faults import active
from mockbrew.faults.failing import Failings
from mockbrew.parts import Part

# s: how far a course looks ahead. With a controller on, something will change soon, and a short series is a cheap one.
AHEAD, AHEAD_CONTROLLED = DAY / SECOND, 32.0


class Segment:
    """The states of a cell: of what a body carries, as of the instant in `since`; of all else, as of now. `at`: the last boundary (ns).

    cell: its devices as faults have them; sound: as the spec has them. edges: when faults change by themselves, virtual ns.
    """

    __slots__ = ("at", "cell", "courses", "dues", "edges", "faults", "layout", "since", "sound", "states")

    def __init__(self, cell: Cell, at: int, states: Iterable[Any], since: Iterable[int] = (), faults: Failings = ()) -> None:
        self.sound, self.at, self.states = cell, at, list(states)
        self.cell = active.broken(cell, faults) if faults else cell
        self.faults, self.edges = faults, active.edges(cell, faults, at)
        self.since = list(since) or [at] * len(cell.bodies)
        self.dues = self.first_dues()
        self.layout = self.cell.plumbing.layout(self.states)
        self.courses: list[Course | Relaxation | None] = [None] * len(cell.bodies)

    def first_dues(self) -> list[int]:
        """When its controllers act next, virtual ns or NEVER: not before what they look at stands there."""
        since, states = self.since, self.states
        return [
            max(due_of(controller, states[place]), *[since[body] for body in attached], 0)
            for (place, controller), attached in zip(self.cell.controllers, self.cell.attached, strict=True)
        ]

    def next_act(self) -> int:
        """When something else than a vessel changes next, virtual ns or NEVER."""
        return min([*self.dues, *self.edges], default=NEVER)

    def next_boundary(self) -> int:
        """Virtual ns, or NEVER."""
        first = self.next_act()
        for part in self.layout.parts:
            number = part.numbers[0]
            first = min(first, (self.courses[number] or self.course(number)).due)
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

    def _liquids(self, part: Part) -> list[Any]:
        return [self.states[body.place] for body in part.bodies]

    def _ahead(self, part: Part) -> float:
        on = any(due < NEVER and not attached.isdisjoint(part.numbers) for due, attached in zip(self.dues, self.cell.attached, strict=True))
        return AHEAD_CONTROLLED if on else AHEAD


def due_of(controller: Controller, state: Any) -> int:
    """When it acts next, virtual ns, or NEVER."""
    due = controller.due(state)
    return NEVER if due is None else due
