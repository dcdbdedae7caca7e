"""Scenes: some cells of a rig at one instant, which go on together. What is found of one cell alone is found of several in the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockbrew import plant as plants
from mockbrew.clock import NEVER
from mockbrew.conditions.names import Variable
from mockbrew.devices.declare import Value
from mockbrew.flight import Flight
from mockbrew.plant import Anchor, Cell, Look, Plant


class Scene:
    """Cells of a plant at `at` (virtual ns). anchors: by name of the cell; they move across boundaries only, as by `plant.evolve`."""

    __slots__ = ("_looks", "anchors", "at", "plant", "seed")

    def __init__(self, plant: Plant, anchors: Mapping[str, Anchor], at: int, seed: str) -> None:
        """anchors: of all cells that will be looked at, evolved to `at` or not that far."""
        self.plant, self.anchors, self.at, self.seed = plant, dict(anchors), at, seed
        self._looks: dict[str, Look] = {}

    def cell(self, name: str) -> Cell:
        """The cell of that name."""
        return self.plant.cell(name)

    def home(self, variable: Variable) -> str:
        """The name of the cell that shows it."""
        return self.plant.home[variable.device]

    def flight(self, name: str) -> Flight:
        """The cell of that name as it is now, with its faults."""
        return self.anchors[name].flight(self.cell(name))

    def periods(self) -> Sequence[int]:
        """ns between the samples of what takes some, the longest first."""
        cells = [self.flight(name).cell for name in self.anchors]
        sampled = {each.period for cell in cells for body in cell.bodies for each in body.immersed.values()}
        return sorted(sampled - {0}, reverse=True)

    @property
    def began(self) -> int:
        """Virtual ns of the last boundary of all."""
        return max((anchor.at for anchor in self.anchors.values()), default=self.at)

    def next_boundary(self) -> int:
        """Virtual ns, or NEVER; of what has not been evolved to `at`, one that has been."""
        return min((self._boundary(name) for name in self.anchors), default=NEVER)

    def evolve(self, *, limit: int) -> int:
        """Bring all anchors to `at`, across about `limit` boundaries each, at most. How many are not there yet."""
        behind = 0
        for name, anchor in self.anchors.items():
            self.anchors[name], done = plants.evolve(self.cell(name), anchor, self.at, self.seed, limit=limit)
            behind += not done
        return behind

    def value(self, variable: Variable) -> Value:
        """What a client would read at `at`; the anchors must have been evolved to there."""
        return self.value_at(variable, self.at)

    def value_at(self, variable: Variable, at: int) -> Value:
        """The same at another instant of this segment: no boundary lies in between."""
        return self._look(self.home(variable), at).reading(variable.device, variable.reading)

    def _look(self, name: str, at: int) -> Look:
        anchor, look = self.anchors[name], self._looks.get(name)
        if look is None or look.anchor is not anchor:
            look = self._looks[name] = Look(self.cell(name), anchor, at, self.seed)
        look.at = at
        return look

    def _boundary(self, name: str) -> int:
        boundary = plants.next_boundary(self.cell(name), self.anchors[name])
        return NEVER if boundary is None else boundary
