"""Precedents: what the rules of one cell came to once, and come to again where as much is shown and vessels are in the same ranges.

Between two boundaries most rules are decided by what switches show and by how full a vessel is; few by a number that moves. What they come
to is kept by what is shown, with ranges in which vessels may go meanwhile. So it is known at once for the next stretch of the same sort,
before and after a command to something that no rule looks at, too. Where it is not sure, nothing is said, and somebody searches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from mockbrew.cells import Cell
from mockbrew.conditions import Condition
from mockbrew.conditions.intervals import Interval, Undecided
from mockbrew.conditions.names import Variable
from mockbrew.courses import Course, Relaxation
from mockbrew.devices.declare import Value
from mockbrew.devices.pipe import Pipe
from mockbrew.flight import Flight
from mockbrew.plant import Plant
from mockbrew.seeking.alone import Nothing, shown_alone
from mockbrew.seeking.prospect import NO_NUMBERS, encloses
from mockbrew.seeking.ranges import Range, around
from mockbrew.seeking.scene import Scene
from mockbrew.seeking.search import is_surely_false
from mockbrew.spec import Rule

REACHES = (8.0, 1.0, 0.125)  # K and kg that vessels may go before it is asked again how it is with the rules: the first that decides all
VIEWS, STATES, PRECEDENTS = 64, 1_024, 1_024  # that are remembered of a cell: a few MB at most

Result = TypeVar("Result")

Shown = Mapping[Variable, Value | None]
"""What devices show that look at nothing else; None where that is not all."""


@dataclass(slots=True)
class Precedent:
    """What rules come to, bit by bit, for as long as no device changes and vessels stay in ranges.

    undecided: numbers of rules. seen: for each vessel, a course and up to when (virtual ns) it stays there.
    """

    ranges: Sequence[Range]
    mask: int
    undecided: Sequence[int]
    seen: list[tuple[Course | Relaxation | None, int]]


class Precedents:
    """The rules that look at one cell alone. What is remembered is a cache. Safe to use from any thread."""

    def __init__(self, name: str, rules: tuple[Rule, ...]) -> None:
        self.name, self.rules = name, rules
        self._views: dict[int, _View] = {}  # by the cell as faults have it

    def broken(self, scene: Scene, last: int) -> int | None:
        """Bit by bit the rules that are broken from the scene's instant to `last`, before the next boundary; None if that is not sure.

        The scene must have been evolved to its instant.
        """
        flight = scene.flight(self.name)
        view = self._views.get(id(flight.cell))
        if view is None or view.cell is not flight.cell:
            view = _put(self._views, VIEWS, id(flight.cell), _View(flight.cell, self.rules))
        return view.broken(scene, flight, last)

    def names(self, mask: int) -> frozenset[str]:
        """The rules whose bits are set."""
        return frozenset(rule.name for number, rule in enumerate(self.rules) if mask >> number & 1)


def precedents_of(plant: Plant, name: str, rules: tuple[Rule, ...]) -> Precedents:
    """Those of a cell of a plant, of which all these rules are."""
    known = _known(plant)
    found = known.get(name)
    if found is None or found.rules != rules:
        found = known[name] = Precedents(name, rules)
    return found


@lru_cache(maxsize=4)
def _known(plant: Plant) -> dict[str, Precedents]:
    return {}


class _View:
    """Rules on a cell of which some devices are as faults have them."""

    def __init__(self, cell: Cell, rules: Sequence[Rule]) -> None:
        self.cell, self._rules = cell, rules
        self._negated: Sequence[Condition] = [rule.when.negated for rule in rules]
        self._variables = {variable: cell.places[variable.device] for rule in rules for variable in rule.when.variables}
        places = sorted(set(self._variables.values()))
        self._still = [place for place in places if place not in cell.body_of]
        self._vessels = [(body.place, number) for number, body in enumerate(cell.bodies) if body.place in places]
        self._pipes = [place for place in self._still if isinstance(cell.devices[place], Pipe)]
        self._shown: dict[tuple[Any, ...], tuple[Value | None, ...]] = {}
        self._precedents: dict[tuple[Any, ...], Precedent] = {}

    def broken(self, scene: Scene, flight: Flight, last: int) -> int | None:
        """As `Precedents.broken`."""
        states = flight.states
        modes = tuple([(states[place].boiling, states[place].level) for place, _ in self._vessels])
        flows = tuple([_flow(flight, place) for place in self._pipes])
        still = (*[states[place] for place in self._still], flows)
        shown = _recalled(self._shown, still) or _put(self._shown, STATES, still, self._seen(flight, flows))
        key = scene.seed, shown, modes
        precedent = _recalled(self._precedents, key)
        if precedent is None or not self._stays(precedent, flight, scene.at, last):
            precedent = _put(self._precedents, PRECEDENTS, key, self._set(scene, flight, shown, last))
        return self._decided(precedent, scene, last) if precedent.undecided else precedent.mask

    def _stays(self, precedent: Precedent, flight: Flight, first: int, last: int) -> bool:
        """Whether all vessels stay in their ranges."""
        for i, (_, number) in enumerate(self._vessels):
            course = flight.courses[number] or flight.course(number)
            seen, until = precedent.seen[i]
            if seen is not course or until < last:
                until = precedent.ranges[i].until(course, flight.layout.number_in_part[number], first, last)
                if until < 0:
                    return False
                if until > last:
                    precedent.seen[i] = course, until
        return True

    def _decided(self, precedent: Precedent, scene: Scene, last: int) -> int | None:
        """With those that are only known for so long."""
        mask = precedent.mask
        for number in precedent.undecided:
            if not is_surely_false(scene, self._rules[number].when, last):
                if not is_surely_false(scene, self._negated[number], last):
                    return None
                mask |= 1 << number
        return mask

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _seen(self, flight: Flight, flows: Sequence[float | None]) -> tuple[Value | None, ...]:
        """What each variable shows that follows from the device's own state and the flow through pipes; None for the others."""
        view = _Flows(self.cell, dict(zip(self._pipes, flows, strict=True)))
        return tuple([self._alone(flight, place, variable.reading, view) for variable, place in self._variables.items()])

    def _alone(self, flight: Flight, place: int, reading: str, view: Any) -> Value | None:
        if place in self.cell.body_of:
            return None
        try:
            shown: Any = shown_alone(self.cell.devices[place], flight.states[place], reading, view)
        except Undecided:
            return None
        return None if isinstance(shown, Interval) else shown

    # -- how it is as long as vessels stay somewhere -------------------------------------------------------------------

    def _set(self, scene: Scene, flight: Flight, shown: Sequence[Value | None], last: int) -> Precedent:
        """A new one, for the widest ranges that leave as little as possible undecided."""
        known, found = dict(zip(self._variables, shown, strict=True)), []
        for reach in REACHES:
            found.append(self._within(scene, flight, known, last, reach))
            if not found[-1].undecided:
                break
        return min(found, key=lambda each: len(each.undecided))

    def _within(self, scene: Scene, flight: Flight, shown: Shown, last: int, reach: float) -> Precedent:
        numbers = [(number, flight.layout.number_in_part[number]) for _, number in self._vessels]
        ranges = [around(flight.course(number), i, scene.at, last, reach) for number, i in numbers]
        valuation = _Valuation(scene, flight, shown, {place: each for (place, _), each in zip(self._vessels, ranges, strict=True)})
        decided = [rule.when.decide(valuation) for rule in self._rules]
        mask = sum(1 << number for number, held in enumerate(decided) if held)
        undecided = [number for number, held in enumerate(decided) if held is None]
        return Precedent(ranges, mask, undecided, [(None, -1)] * len(ranges))


class _Valuation:
    """What the variables of rules are while vessels stay in ranges, given by their places, and nothing else changes."""

    def __init__(self, scene: Scene, flight: Flight, shown: Shown, ranges: Mapping[int, Range]) -> None:
        self._scene, self._flight, self._shown, self._ranges = scene, flight, shown, ranges

    def __call__(self, variable: Variable) -> Value | Interval:
        """Raises Undecided."""
        shown: Value | Interval = self._shown[variable]
        return self._moving(variable) if shown is None else shown

    def _moving(self, variable: Variable) -> Value | Interval:
        cell = self._flight.cell
        place = cell.places[variable.device]
        if place not in self._ranges:
            raise Undecided
        try:
            shown = shown_alone(cell.devices[place], self._ranges[place].state(self._flight.states[place]), variable.reading)
            sound = encloses(shown, self._scene.value(variable))
        except NO_NUMBERS:
            sound = False
        if not sound:
            raise Undecided
        return shown


class _Flows(Nothing):
    """A view that shows what flows through the pipes of a cell, by their places, where that is always the same; and nothing else."""

    __slots__ = ("_cell", "_flows")

    def __init__(self, cell: Cell, flows: Mapping[int, float | None]) -> None:
        self._cell, self._flows = cell, flows

    def flow(self, pipe: str) -> float:
        """kg/s. Raises Undecided."""
        flow = self._flows.get(self._cell.places[pipe])
        if flow is None:
            raise Undecided
        return flow


def _flow(flight: Flight, place: int) -> float | None:
    """kg/s through the pipe that stands there, if it is the same up to the next boundary."""
    if place not in flight.layout.ducts:
        return 0.0
    part, i = flight.layout.ducts[place]
    course, source = flight.course(part.numbers[0]), part.ducts[i].source
    return course.flows.through[i] if course.varying(i, source) is None else None


def _recalled(remembered: Mapping[Any, Result], key: Any) -> Result | None:
    """What is remembered, if a state is something that can be looked up."""
    try:
        return remembered.get(key)
    except TypeError:
        return None


def _put(remembered: dict[Any, Result], most: int, key: Any, result: Result) -> Result:
    """Remember it if it can be, and no more than so many."""
    if len(remembered) >= most:
        remembered.clear()
    with suppress(TypeError):
        remembered[key] = result
    return result
