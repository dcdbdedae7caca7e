"""Rigs: instances of one spec, each with its state and clock, on top of a store and the plant.

A reading loads one cell and evolves it in memory; a command evolves it, takes the store, evolves the short rest, applies, appends to the
event log and stores the cell whole, in one transaction. What took long to evolve is kept as a
checkpoint, so nobody computes it twice.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, NamedTuple

from mockbrew import plant as plants
from mockbrew.budget import Budget, budget
from mockbrew.clock import Clock, seconds
from mockbrew.errors import DamagedCell, StillEvolving, StoreError
from mockbrew.plant import Anchor, Cell, Look, Plant
from mockbrew.record import keep
from mockbrew.spec import Spec
from mockbrew.stores.base import CellRow, Event, Loaded, RigRow, Store, Transaction
from mockbrew.timeline import gone_on, instant, seed_of, stands_still

DEFAULT = "default"  # the rig that plain URLs speak to
PATIENCE = 4.5  # s that one request may evolve before it answers 503, so that with all else it does it answers within 5 s
SLICE = 0.05  # s of evolution between two checkpoints: keeping one takes a thousandth of it
UNDER_LOCK = 0.01  # s that a cell may be evolved while others wait
STRETCH = 256  # events of a rig between two bases in a cell's log
KEPT = 4_096  # events that a cell's log keeps at least when it is trimmed
WARM = 4_096  # cells whose anchor a process remembers

log = logging.getLogger(__name__)

Render = Callable[[Look], bytes]
Stamp = tuple[int, int]  # resets and revision: which row an anchor was evolved from


class SpecChanged(Exception):
    """The rig was last written with another spec than this process has. Not an error: whoever catches it reloads or migrates."""

    def __init__(self, rig: str, digest: str) -> None:
        self.rig, self.digest = rig, digest
        super().__init__(f"rig {rig!r} is at spec {digest[:12]}")


class Order(NamedTuple):
    """A command as it is applied: arguments typed and within their bounds."""

    device: str
    verb: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """A cell at an instant, and whether its rig stands still since the horizon."""

    look: Look
    still: bool


class Rigs:
    """All rigs of one spec in one store. Safe to use from any thread."""

    def __init__(self, spec: Spec, store: Store, *, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self.spec, self.store, self.plant = spec, store, Plant(spec)
        self._stopwatch = stopwatch
        self._warm: dict[tuple[int, int, str], tuple[Stamp, Anchor]] = {}

    def read(self, rig: str, device: str) -> Seen:
        """The cell of `device` as it is now. Raises SpecChanged, StillEvolving, StoreError."""
        wall = self.store.wall()
        name = self.plant.home[device]
        loaded, anchor, at = self._evolved(rig, name, wall, self._patience())
        return Seen(Look(self.plant.cell(name), anchor, at, seed_of(loaded.rig)), stands_still(loaded.rig, wall))

    def command(self, rig: str, order: Order, render: Render) -> bytes:
        """Do it, durably, and answer what `render` makes of the cell afterwards.

        If anything is raised (by `render` too), nothing has changed. Raises SpecChanged, StillEvolving, StoreError.
        """
        name = self.plant.home[order.device]
        patience = self._patience()
        while not patience.spent:
            self._evolved(rig, name, self.store.wall(), patience)
            with self.store.transaction() as transaction:
                done = self._commanded(transaction, rig, name, order, render)
            if done is not None:
                row, anchor, body = done
                self._remember(row, name, (row.resets, row.events), anchor)
                return body
        raise StillEvolving(0.0)

    def check(self, rig: str) -> None:
        """Raises SpecChanged if the rig went on with another spec, StoreError."""
        loaded = self.store.load(rig, "")
        if loaded is not None and loaded.rig.spec != self.spec.digest:
            raise SpecChanged(rig, loaded.rig.spec)

    def anchor(self, rig: str, cell: str, patience: Budget) -> Anchor:
        """A cell evolved to about now, as far as `patience` goes, and kept. Raises as `read` does, and what a bug of a kind raises."""
        loaded, anchor, _ = self._evolved(rig, cell, self.store.wall(), patience)
        stored = loaded.ahead or loaded.row
        if stored is None or stored.at < anchor.at:  # however short: with many cells it adds up to more than one request's time
            self._checkpoint(loaded.rig, cell, _stamp(loaded), anchor)
        return anchor

    def reset(self, rig: str, render: Callable[[], bytes]) -> bytes:
        """Plant and controllers back to the spec's initial state; clock, seed and log stay. One row, however many devices."""
        with self.store.transaction() as transaction:
            row, wall = self._current(transaction, rig), self.store.wall()
            at = instant(row, wall)
            row = replace(gone_on(row, at, wall), resets=row.resets + 1, reset_at=at)
            body = render()
            transaction.append(row, Event(row.events, "", at, wall, "", "reset", "{}", "", self.spec.digest))
            transaction.trim(row, "", KEPT)
            transaction.put_rig(row)
        return body

    # -- one cell, near now --------------------------------------------------------------------------------------

    def _patience(self) -> Budget:
        return budget(self._stopwatch, PATIENCE)

    def _evolved(self, rig: str, name: str, wall: int, patience: Budget) -> tuple[Loaded, Anchor, int]:
        """What was loaded, the cell's anchor evolved to `wall` and the virtual instant it stands for."""
        loaded = self.store.load(rig, name) or self._made(rig, name)
        row = loaded.rig
        if row.spec != self.spec.digest:
            raise SpecChanged(rig, row.spec)
        cell, stamp = self.plant.cell(name), _stamp(loaded)
        anchor = self._recall(row, name, stamp, cell, loaded.ahead or loaded.row)
        at = max(instant(row, wall), anchor.at)
        evolved, done = patience.within(SLICE).evolve(cell, anchor, at, seed_of(row))
        if not done:
            evolved = self._evolve_long(row, name, stamp, evolved, at, patience)
        if evolved is not anchor:
            self._remember(row, name, stamp, evolved)
        return loaded, evolved, at

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
        self._remember(row, name, stamp, anchor)
        try:
            self.store.checkpoint(row, name, CellRow(stamp[1], stamp[0], anchor.at, plants.encode(anchor)))
        except StoreError as error:  # a reading does not need it: it only costs the next process the same work
            log.warning("no checkpoint of rig %r, cell %r: %s", row.name, name, error)

    def _recall(self, row: RigRow, name: str, stamp: Stamp, cell: Cell, stored: CellRow | None) -> Anchor:
        warm = self._warm.get((row.clock.wall_base, row.run, name))
        if warm is not None and warm[0] == stamp and (stored is None or stored.at <= warm[1].at):
            return warm[1]
        anchor = self._decoded(name, cell, stored) if stored else plants.initial(cell, row.reset_at)
        self._remember(row, name, stamp, anchor)
        return anchor

    def _decoded(self, name: str, cell: Cell, stored: CellRow) -> Anchor:
        try:
            return _finite(plants.decode(cell, stored.at, stored.body))
        except (TypeError, ValueError) as error:
            raise DamagedCell(
                f"{self.store.url}: the state of cell {name!r} is damaged ({error}); put a copy of the store back, or reset the rig"
            ) from error

    def _remember(self, row: RigRow, name: str, stamp: Stamp, anchor: Anchor) -> None:
        if len(self._warm) >= WARM:
            self._warm.clear()  # rare, and only costs decoding: simpler than an order of use
        self._warm[row.clock.wall_base, row.run, name] = (stamp, anchor)  # another file counts runs anew, but at another wall

    # -- under the lock ------------------------------------------------------------------------------------------

    def _commanded(
        self, transaction: Transaction, rig: str, name: str, order: Order, render: Render
    ) -> tuple[RigRow, Anchor, bytes] | None:
        """Evolve the short rest, apply and store. None, and nothing done, if the rest is not short: others wrote meanwhile."""
        row, wall = self._current(transaction, rig), self.store.wall()
        before = transaction.cell(row, name)
        before = before if before and before.resets == row.resets else None
        cell, seed = self.plant.cell(name), seed_of(row)
        anchor = self._recall(row, name, (row.resets, before.revision if before else 0), cell, before)
        at = max(instant(row, wall), anchor.at)
        anchor, done = budget(self._stopwatch, UNDER_LOCK).evolve(cell, anchor, at, seed)
        if not done:
            return None
        anchor = plants.command(cell, anchor, at, seed, order.device, order.verb, order.arguments)
        row = gone_on(row, at, wall)
        body = render(Look(cell, anchor, at, seed))
        after = CellRow(row.events, row.resets, at, plants.encode(anchor))
        transaction.put_cell(row, name, after)
        self._log(transaction, row, name, order, wall, before, after)
        transaction.put_rig(row)
        return row, anchor, body

    def _log(
        self, transaction: Transaction, row: RigRow, name: str, order: Order, wall: int, before: CellRow | None, after: CellRow
    ) -> None:
        opens = before is None or before.revision // STRETCH != after.revision // STRETCH
        base = (after.body, self.spec.digest) if opens else (None, None)
        arguments = json.dumps(order.arguments, separators=(",", ":"))
        transaction.append(row, Event(after.revision, name, after.at, wall, order.device, order.verb, arguments, *base))
        if opens:
            transaction.trim(row, name, KEPT)

    def _current(self, transaction: Transaction, rig: str) -> RigRow:
        """The rig's row; made if it is missing, so two processes that start together make one."""
        row = transaction.rig(rig)
        if row is None:
            keep(transaction, self.spec)
            row = RigRow(rig, transaction.new_run(), self.spec.digest, Clock(0, self.store.wall()), 0, 0, 0, 0, 0)
            transaction.put_rig(row)
        if row.spec != self.spec.digest:
            raise SpecChanged(rig, row.spec)
        return row

    def _made(self, rig: str, name: str) -> Loaded:
        with self.store.transaction() as transaction:
            self._current(transaction, rig)
        loaded = self.store.load(rig, name)
        if loaded is None:
            raise StoreError(f"rig {rig!r} vanished while it was being read; ask again")
        return loaded


def _stamp(loaded: Loaded) -> Stamp:
    return loaded.rig.resets, loaded.row.revision if loaded.row else 0


def _finite(anchor: Anchor) -> Anchor:
    """The anchor, if all its numbers are some: JSON as Python reads it has NaN, Infinity and 1e999. Raises ValueError."""
    if not all(isfinite(value) for state in anchor.states for value in state if isinstance(value, float)):
        raise ValueError("a number is not finite")
    return anchor
