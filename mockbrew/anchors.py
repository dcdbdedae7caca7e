"""Anchors of cells as a store has them: loaded, evolved to an instant, kept as checkpoints so that nobody computes them twice, remembered.

What a process remembers of them is a cache: it may be lost at any time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from math import isfinite

from mockbrew import plant as plants
from mockbrew.budget import Budget, budget
from mockbrew.clock import seconds
from mockbrew.errors import DamagedCell, StillEvolving, StoreError
from mockbrew.plant import Anchor, Cell, Plant
from mockbrew.stores.base import CellRow, Loaded, RigRow, Store, Transaction
from mockbrew.timeline import instant, seed_of

SLICE = 0.05  # s of evolution between two checkpoints: keeping one takes a thousandth of it
WARM = 4_096  # cells whose anchor a process remembers

log = logging.getLogger(__name__)

Stamp = tuple[int, int]  # resets and revision: which row an anchor was evolved from


class Anchors:
    """The anchors of one spec's cells in one store. Safe to use from any thread."""

    def __init__(self, plant: Plant, store: Store, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self.plant, self.store, self.stopwatch = plant, store, stopwatch
        self._warm: dict[tuple[int, int, str], tuple[Stamp, Anchor]] = {}

    def evolved(self, loaded: Loaded, name: str, wall: int, patience: Budget) -> tuple[Anchor, int]:
        """The anchor of a loaded cell, evolved to `wall`, and the virtual instant it stands for. Raises StillEvolving, StoreError."""
        row, cell, stamp = loaded.rig, self.plant.cell(name), _stamp(loaded)
        anchor = self._recall(row, name, stamp, cell, loaded.ahead or loaded.row)
        at = max(instant(row, wall), anchor.at)
        evolved, done = patience.within(SLICE).evolve(cell, anchor, at, seed_of(row))
        if not done:
            evolved = self._evolve_long(row, name, stamp, evolved, at, patience)
        if evolved is not anchor:
            self.remember(row, name, stamp, evolved)
        return evolved, at

    def keep(self, loaded: Loaded, name: str, anchor: Anchor) -> None:
        """As a checkpoint, if it is further than what is stored."""
        stored = loaded.ahead or loaded.row
        if stored is None or stored.at < anchor.at:  # however short: with many cells it adds up to more than one request's time
            self._checkpoint(loaded.rig, name, _stamp(loaded), anchor)

    def of(self, transaction: Transaction, row: RigRow, name: str) -> tuple[CellRow | None, Anchor]:
        """Under the lock: the row of a cell that holds, and its anchor, not evolved further."""
        stored = transaction.cell(row, name)
        stored = stored if stored and stored.resets == row.resets else None
        stamp = row.resets, stored.revision if stored else 0
        return stored, self._recall(row, name, stamp, self.plant.cell(name), stored)

    def remember(self, row: RigRow, name: str, stamp: Stamp, anchor: Anchor) -> None:
        """That a row of this stamp leads there."""
        if len(self._warm) >= WARM:
            self._warm.clear()  # rare, and only costs decoding: simpler than an order of use
        self._warm[row.clock.wall_base, row.run, name] = (stamp, anchor)  # another file counts runs anew, but at another wall

    def budget(self, most: float) -> Budget:
        """`most` s from now on."""
        return budget(self.stopwatch, most)

    def _evolve_long(self, row: RigRow, name: str, stamp: Stamp, anchor: Anchor, at: int, patience: Budget) -> Anchor:
        """Slice by slice, each kept; what doesn't fit into one request's time is left to the next one."""
        cell, done = self.plant.cell(name), False
        while not done:
            self._checkpoint(row, name, stamp, anchor)
            if patience.spent:
                raise StillEvolving(seconds(at - anchor.at))
            anchor, done = patience.within(SLICE).evolve(cell, anchor, at, seed_of(row))
        self._checkpoint(row, name, stamp, anchor)
        return anchor

    def _checkpoint(self, row: RigRow, name: str, stamp: Stamp, anchor: Anchor) -> None:
        self.remember(row, name, stamp, anchor)
        try:
            self.store.checkpoint(row, name, CellRow(stamp[1], stamp[0], anchor.at, plants.encode(anchor)))
        except StoreError as error:  # a reading does not need it: it only costs the next process the same work
            log.warning("no checkpoint of rig %r, cell %r: %s", row.name, name, error)

    def _recall(self, row: RigRow, name: str, stamp: Stamp, cell: Cell, stored: CellRow | None) -> Anchor:
        warm = self._warm.get((row.clock.wall_base, row.run, name))
        if warm is not None and warm[0] == stamp and (stored is None or stored.at <= warm[1].at):
            return warm[1]
        anchor = self._decoded(name, cell, stored) if stored else plants.initial(cell, row.reset_at)
        self.remember(row, name, stamp, anchor)
        return anchor

    def _decoded(self, name: str, cell: Cell, stored: CellRow) -> Anchor:
        try:
            return _finite(plants.decode(cell, stored.at, stored.body))
        except (TypeError, ValueError) as error:
            raise DamagedCell(
                f"{self.store.url}: the state of cell {name!r} is damaged ({error}); put a copy of the store back, or reset the rig"
            ) from error


def _stamp(loaded: Loaded) -> Stamp:
    return loaded.rig.resets, loaded.row.revision if loaded.row else 0


def _finite(anchor: Anchor) -> Anchor:
    """The anchor, if all its numbers are some: JSON as Python reads it has NaN, Infinity and 1e999. Raises ValueError."""
    if not all(isfinite(value) for state in anchor.states for value in state if isinstance(value, float)):
        raise ValueError("a number is not finite")
    return anchor
