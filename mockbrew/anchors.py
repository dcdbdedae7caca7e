"""Anchors of cells as a store has them: loaded, evolved to an instant, kept as checkpoints so that nobody computes them twice, remembered.

What a process remembers of them is a cache: it may be lost at any time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import NamedTuple

from mockbrew import plant as plants
from mockbrew.budget import Budget, budget
from mockbrew.clock import NEVER, seconds
from mockbrew.errors import DamagedCell, StillEvolving, StoreError
from mockbrew.plant import Anchor, Cell, Plant
from mockbrew.stores.base import CellRow, Loaded, RigRow, Store, Transaction
from mockbrew.timeline import instant, seed_of

SLICE = 0.05  # s of evolution between two checkpoints: keeping one takes a thousandth of it
WARM = 4_096  # cells whose anchor a process remembers

log = logging.getLogger(__name__)

Source = tuple[int, int, int, CellRow | None]  # what an anchor was evolved from: run, resets, the last one's virtual ns, the row if any


class Warm(NamedTuple):
    """An anchor that a process remembers. until: virtual ns before which nothing is due, as far as anybody has asked."""

    source: Source
    anchor: Anchor
    until: int


class Anchors:
    """The anchors of one spec's cells in one store. Safe to use from any thread."""

    def __init__(self, plant: Plant, store: Store, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self.plant, self.store, self.stopwatch = plant, store, stopwatch
        self._warm: dict[tuple[str, str], Warm] = {}  # by rig and cell: nobody comes back to a run that is over

    def holding(self, loaded: Loaded, name: str, at: int) -> Anchor | None:
        """The anchor of a loaded cell that holds at `at` (virtual ns), if this process remembers it: what most readings need."""
        warm = self._warm.get((loaded.rig.name, name))
        if warm is None or not warm.anchor.at <= at < warm.until or warm.source != _source(loaded.rig, loaded.row):
            return None
        return None if loaded.ahead is not None and loaded.ahead.at > warm.anchor.at else warm.anchor

    def evolved(self, loaded: Loaded, name: str, wall: int, patience: Budget) -> tuple[Anchor, int]:
        """The anchor of a loaded cell, evolved to `wall`, and the virtual instant it stands for. Raises StillEvolving, StoreError."""
        at = instant(loaded.rig, wall)
        held = self.holding(loaded, name, at)
        return self._evolved(loaded, name, wall, patience) if held is None else (held, at)

    def _evolved(self, loaded: Loaded, name: str, wall: int, patience: Budget) -> tuple[Anchor, int]:
        row, cell = loaded.rig, self.plant.cell(name)
        anchor = self._recall(row, name, loaded.row, loaded.ahead or loaded.row, wall)
        at = max(instant(row, wall), anchor.at)
        evolved, done = patience.within(SLICE).evolve(cell, anchor, at, seed_of(row))
        if not done:
            evolved = self._evolve_long(loaded, name, evolved, at, patience)
        due = plants.next_boundary(cell, evolved)
        self._keep(row, name, Warm(_source(row, loaded.row), evolved, NEVER if due is None else due))
        return evolved, at

    def keep(self, loaded: Loaded, name: str, anchor: Anchor) -> None:
        """As a checkpoint, if it is further than what is stored."""
        stored = loaded.ahead or loaded.row
        if stored is None or stored.at < anchor.at:  # however short: with many cells it adds up to more than one request's time
            self._checkpoint(loaded, name, anchor)

    def of(self, transaction: Transaction, row: RigRow, name: str, wall: int) -> tuple[CellRow | None, Anchor]:
        """Under the lock, at `wall` (ns): the row of a cell that holds, and its anchor, not evolved further."""
        stored = transaction.cell(row, name)
        stored = stored if stored and stored.resets == row.resets else None
        return stored, self._recall(row, name, stored, stored, wall)

    def remember(self, row: RigRow, name: str, stored: CellRow | None, anchor: Anchor) -> None:
        """That this row of a cell, or its initial state, leads there."""
        self._keep(row, name, Warm(_source(row, stored), anchor, anchor.quiet))

    def budget(self, most: float) -> Budget:
        """`most` s from now on."""
        return budget(self.stopwatch, most)

    def _keep(self, row: RigRow, name: str, warm: Warm) -> None:
        if len(self._warm) >= WARM:
            self._warm.clear()  # rare, and only costs decoding: simpler than an order of use
        self._warm[row.name, name] = warm

    def _evolve_long(self, loaded: Loaded, name: str, anchor: Anchor, at: int, patience: Budget) -> Anchor:
        """Slice by slice, each kept; what doesn't fit into one request's time is left to the next one."""
        cell, done = self.plant.cell(name), False
        while not done:
            self._checkpoint(loaded, name, anchor)
            if patience.spent:
                raise StillEvolving(seconds(at - anchor.at))
            anchor, done = patience.within(SLICE).evolve(cell, anchor, at, seed_of(loaded.rig))
        self._checkpoint(loaded, name, anchor)
        return anchor

    def _checkpoint(self, loaded: Loaded, name: str, anchor: Anchor) -> None:
        row, revision = loaded.rig, loaded.row.revision if loaded.row else 0
        self.remember(row, name, loaded.row, anchor)
        try:
            self.store.checkpoint(row, name, CellRow(revision, row.resets, anchor.at, plants.encode(anchor)))
        except StoreError as error:  # a reading does not need it: it only costs the next process the same work
            log.warning("no checkpoint of rig %r, cell %r: %s", row.name, name, error)

    def _recall(self, row: RigRow, name: str, stored: CellRow | None, furthest: CellRow | None, wall: int) -> Anchor:
        """furthest: of the rows, the one that is evolved furthest."""
        warm = self._warm.get((row.name, name))
        if warm is not None and warm.source == _source(row, stored) and _fits(warm.anchor, row, furthest, wall):
            return warm.anchor
        cell = self.plant.cell(name)
        anchor = self._decoded(name, cell, furthest, warm.anchor if warm else None) if furthest else plants.initial(cell, row.reset_at)
        self.remember(row, name, stored, anchor)
        return anchor

    def _decoded(self, name: str, cell: Cell, stored: CellRow, like: Anchor | None) -> Anchor:
        try:
            return plants.decode(cell, stored.at, stored.body, like)
        except (TypeError, ValueError) as error:
            raise DamagedCell(
                f"{self.store.url}: the state of cell {name!r} is damaged ({error}); put a copy of the store back, or reset the rig"
            ) from error


def _source(row: RigRow, stored: CellRow | None) -> Source:
    return row.run, row.resets, row.reset_at, stored


def _fits(anchor: Anchor, row: RigRow, furthest: CellRow | None, wall: int) -> bool:
    """Not behind what is stored; nor ahead of the rig, as it is where a copy of the store was put back."""
    return (furthest is None or furthest.at <= anchor.at) and anchor.at <= instant(row, wall)
