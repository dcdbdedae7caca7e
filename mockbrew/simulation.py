"""Simulations: a script run on the plant alone, at full speed. Pure: virtual time begins at 0 and nobody waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import inf

from mockbrew import plant as plants
from mockbrew.clock import SECOND
from mockbrew.conditions import Condition
from mockbrew.devices.declare import Value
from mockbrew.plant import Anchor, Cell, Look, Plant
from mockbrew.script import Order, Script, Step
from mockbrew.spec import Spec

STRIDE = SECOND  # ns between two looks for a condition: what comes true for a shorter time, between two boundaries, may be missed
CLOSE = SECOND // 1000  # ns to which the instant is found at which a condition comes true
BOUNDARIES = 1000  # crossed at a time
SEED = "simulation"  # what noise is drawn from: each run of a script is the same

Observe = Callable[["Rig"], None]


@dataclass(frozen=True, slots=True)
class Passed:
    """A step that is over. begins, ends: virtual ns.

    reached: whether its condition, if it has one, came true. nearest: the reading that came nearest to it.
    """

    step: Step
    begins: int
    ends: int
    reached: bool
    nearest: Value


class Rig:
    """All cells of a spec, from their initial state on. at: virtual ns. What nobody looks at is not computed."""

    def __init__(self, spec: Spec) -> None:
        self.spec, self.at = spec, 0
        self._plant = Plant(spec)
        self._anchors: dict[str, Anchor] = {}

    def readings(self, wanted: Iterable[tuple[str, str]]) -> Iterator[Value]:
        """What a client would read now, for each (device, reading)."""
        looks: dict[str, Look] = {}
        for device, reading in wanted:
            name = self._plant.home[device]
            if name not in looks:
                looks[name] = Look(self._plant.cell(name), self._evolved(name), self.at, SEED)
            yield looks[name].reading(device, reading)

    def command(self, order: Order) -> None:
        """Do it now."""
        if order.device is None:  # the one verb of a rig is its reset
            self._anchors = {members[0]: plants.initial(self._plant.cell(members[0]), self.at) for members in self.spec.cells}
            return
        name = self._plant.home[order.device]
        anchor = self._evolved(name)
        cell = self._plant.cell(name)
        self._anchors[name] = plants.command(cell, anchor, self.at, SEED, order.device, order.verb, order.arguments)

    def search(self, condition: Condition, until: int) -> tuple[int | None, Value]:
        """The first instant up to `until` (virtual ns) at which it holds, or None, and the reading that came nearest. Changes nothing."""
        name = self._plant.home[condition.device]
        return _Search(self._plant.cell(name), condition).first(self._evolved(name), self.at, until)

    def _evolved(self, name: str) -> Anchor:
        cell = self._plant.cell(name)
        anchor = self._anchors.get(name) or plants.initial(cell, 0)
        anchor = self._anchors[name] = _evolve(cell, anchor, self.at)
        return anchor


def run(rig: Rig, script: Script, every: int, observe: Observe) -> Iterator[Passed]:
    """Step by step, up to one that does not end as it should. observe: told of each multiple of `every` (virtual ns), and of the end."""
    for step in script.steps:
        passed = _pass(rig, step, every, observe)
        yield passed
        if not passed.reached:
            break
    observe(rig)


def _pass(rig: Rig, step: Step, every: int, observe: Observe) -> Passed:
    for order in step.orders:
        rig.command(order)
    begins, limit = rig.at, rig.at + step.longest
    found, nearest = rig.search(step.until, limit) if step.until else (limit, None)
    ends = limit if found is None else found
    for at in range(-(-begins // every) * every, ends, every):
        rig.at = at
        observe(rig)
    rig.at = ends
    return Passed(step, begins, ends, found is not None, nearest)


class _Search:
    """For the first instant at which a condition holds: from look to look, then between two of them."""

    def __init__(self, cell: Cell, condition: Condition) -> None:
        self.cell, self.condition = cell, condition
        self.nearest: Value = None
        self.distance = inf

    def first(self, anchor: Anchor, at: int, until: int) -> tuple[int | None, Value]:
        """anchor: evolved to `at`."""
        while not self._holds(anchor, at):
            if at >= until:
                return None, self.nearest
            boundary = plants.next_boundary(self.cell, anchor)
            after = min(at + STRIDE, until, until if boundary is None else boundary)
            if self._holds(anchor, after):  # before what happens at that instant
                return self._between(anchor, at, after), self.nearest
            anchor, at = _evolve(self.cell, anchor, after), after
        return at, self.nearest

    def _between(self, anchor: Anchor, before: int, after: int) -> int:
        while after - before > CLOSE:
            middle = (before + after) // 2
            before, after = (before, middle) if self._holds(anchor, middle) else (middle, after)
        return after

    def _holds(self, anchor: Anchor, at: int) -> bool:
        value = Look(self.cell, anchor, at, SEED).reading(self.condition.device, self.condition.reading)
        distance = self.condition.distance(value)
        if distance < self.distance:
            self.nearest, self.distance = value, distance
        return self.condition.holds(value)


def _evolve(cell: Cell, anchor: Anchor, until: int) -> Anchor:
    done = False
    while not done:
        anchor, done = plants.evolve(cell, anchor, until, SEED, limit=BOUNDARIES)
    return anchor
