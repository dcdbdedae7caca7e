"""Simulations: a script run on the plant alone, at full speed. Pure: virtual time begins at 0 and nobody waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from mockbrew import plant as plants
from mockbrew.conditions import Condition
from mockbrew.devices.declare import Value
from mockbrew.plant import Anchor, Cell, Look, Plant
from mockbrew.script import Order, Script, Step
from mockbrew.seeking.nearest import Nearest
from mockbrew.seeking.scene import Scene
from mockbrew.seeking.search import Sought, seek
from mockbrew.spec import Spec

BOUNDARIES = 1000  # crossed at a time
SEED = "simulation"  # what noise is drawn from: each run of a script is the same

Observe = Callable[["Rig"], None]


@dataclass(frozen=True, slots=True)
class Passed:
    """A step that is over. begins, ends: virtual ns.

    reached: whether its condition, if it has one, came true. nearest: if it did not, how near it came.
    """

    step: Step
    begins: int
    ends: int
    reached: bool
    nearest: Nearest | None


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

    def search(self, condition: Condition, until: int) -> int | None:
        """The first instant up to `until` (virtual ns) at which it holds, or None. Changes nothing."""
        return self._sought(condition, until, None)

    def nearest(self, condition: Condition, until: int) -> Nearest:
        """How near it comes, up to `until` (virtual ns) or when it holds. Changes nothing."""
        nearest = Nearest(condition)
        self._sought(condition, until, nearest)
        return nearest

    def _sought(self, condition: Condition, until: int, nearest: Nearest | None) -> int | None:
        names = [self._plant.home[variable.device] for variable in condition.variables]
        scene = Scene(self._plant, {name: self._evolved(name) for name in names}, self.at, SEED)
        sought = Sought(None, done=False)
        while not sought.done:
            sought = seek(scene, condition, until, limit=BOUNDARIES, nearest=nearest)
        return sought.at

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
    found = rig.search(step.until, limit) if step.until else limit
    nearest = rig.nearest(step.until, limit) if step.until and found is None else None
    ends = limit if found is None else found
    for at in range(-(-begins // every) * every, ends, every):
        rig.at = at
        observe(rig)
    rig.at = ends
    return Passed(step, begins, ends, found is not None, nearest)


def _evolve(cell: Cell, anchor: Anchor, until: int) -> Anchor:
    done = False
    while not done:
        anchor, done = plants.evolve(cell, anchor, until, SEED, limit=BOUNDARIES)
    return anchor
