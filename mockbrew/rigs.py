"""Rigs: instances of one spec, each with its state and clock, on top of a store and the plant.

A reading loads one cell and evolves it in memory; a command evolves it, takes the store, evolves the short rest, applies, appends to the
event log and stores the cell whole, in one transaction. `change` does the same for several cells and the rig's own row.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from mockbrew import journal
from mockbrew import plant as plants
from mockbrew.ailments import cells, decode, encode, of_transport
from mockbrew.anchors import Anchors
from mockbrew.budget import Budget
from mockbrew.changes import changes
from mockbrew.devices.declare import NONE
from mockbrew.drafts import Draft
from mockbrew.errors import DamagedCell, NoSuchRig, StillEvolving
from mockbrew.messages import DIRECT, Asked, Order
from mockbrew.plant import Anchor, Look, Plant
from mockbrew.roster import DEFAULT, Roster, SpecChanged
from mockbrew.spec import Spec
from mockbrew.stores.base import CellRow, Event, RigRow, Store, Transaction
from mockbrew.timeline import KEPT, first_seed, gone_on, instant, seed_of, stands_still

__all__ = ["DEFAULT", "Asked", "Draft", "Order", "Rigs", "Seen", "SpecChanged", "Together"]

PATIENCE = 4.5  # s that one request may evolve before it answers 503, so that with all else it does it answers within 5 s
UNDER_LOCK = 0.01  # s that cells may be evolved while others wait
STRETCH = 256  # events of a rig between two bases in a cell's log

log = logging.getLogger(__name__)

Render = Callable[[Look], bytes]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Seen:
    """A cell at an instant, and its rig's row; None where there is no such rig yet."""

    look: Look
    row: RigRow | None
    still: bool


@dataclass(frozen=True, slots=True)
class Together:
    """Cells of a rig at one instant (virtual ns), evolved to it."""

    row: RigRow
    at: int
    anchors: Mapping[str, Anchor]


class Rigs:
    """All rigs of one spec in one store. Safe to use from any thread."""

    def __init__(self, spec: Spec, store: Store, *, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self.spec, self.store, self.plant = spec, store, Plant(spec)
        self.roster, self.anchors = Roster(spec, store), Anchors(self.plant, store, stopwatch)

    def read(self, rig: str, device: str) -> Seen:
        """The cell of `device` as it is now. Raises SpecChanged, StillEvolving, StoreError."""
        wall = self.store.wall()
        name = self.plant.home[device]
        loaded = self.roster.loaded(rig, name, wall)
        if loaded is None:
            cell = self.plant.cell(name)
            return Seen(Look(cell, plants.initial(cell, 0), 0, first_seed(rig)), None, still=False)
        anchor, at = self.anchors.evolved(loaded, name, wall, self.patience())
        return Seen(Look(self.plant.cell(name), anchor, at, seed_of(loaded.rig)), loaded.rig, stands_still(loaded.rig, wall))

    def command(self, rig: str, order: Order, render: Render, asked: Asked = DIRECT, told: Mapping[str, Any] = NONE) -> bytes:
        """Do it, durably, and answer what `render` makes of the cell afterwards. told: what else its journal says, as it is after `render`.

        If anything is raised (by `render` too), nothing has changed. Raises SpecChanged, StillEvolving, StoreError, TooManyRigs.
        """
        name = self.plant.home[order.device]
        patience = self.patience()
        while not patience.spent:
            self._near_now(rig, name, patience)
            with self.store.transaction() as transaction:
                done = self._commanded(transaction, rig, name, order, render, asked, told)
            if done is not None:
                row, stored, anchor, body = done
                self.anchors.remember(row, name, stored, anchor)
                return body
        raise StillEvolving(0.0)

    def change(self, rig: str, cells: Collection[str], apply: Callable[[Draft], Result]) -> Result:
        """Let `apply` change the rig's row and these cells, durably, as one step; a rig that is missing is made.

        If anything is raised, nothing has changed. Raises SpecChanged, StillEvolving, StoreError, TooManyRigs.
        """
        patience = self.patience()
        while not patience.spent:
            for name in cells:
                self._near_now(rig, name, patience)
            with self.store.transaction() as transaction:
                draft = self._draft(transaction, rig, cells)
                if draft is not None:
                    result = apply(draft)
                    transaction.put_rig(draft.row)
            if draft is not None:
                for name, (stored, anchor) in draft.changed.items():
                    self.anchors.remember(draft.row, name, stored, anchor)
                return result
        raise StillEvolving(0.0)

    def row(self, rig: str) -> RigRow:
        """The rig's row. Raises NoSuchRig, SpecChanged, StoreError."""
        return self.roster.row(rig)

    def together(self, rig: str, cells: Collection[str], patience: Budget | None = None) -> Together:
        """These cells now, as of one instant. Raises NoSuchRig, SpecChanged, StillEvolving, StoreError."""
        patience = patience or self.patience()
        while True:
            wall, row, anchors, at = self.store.wall(), self.row(rig), {}, 0
            for name in cells:
                loaded = self.roster.loaded(rig, name, wall)
                if loaded is None or (loaded.rig.run, loaded.rig.events, loaded.rig.clock) != (row.run, row.events, row.clock):
                    break  # somebody wrote meanwhile
                anchors[name], reached = self.anchors.evolved(loaded, name, wall, patience)
                at = max(at, reached)
            else:
                return Together(row, max(at, instant(row, wall)), self._all_to(row, max(at, instant(row, wall)), anchors, patience))
            if patience.spent:
                raise StillEvolving(0.0)

    def anchor(self, rig: str, cell: str, patience: Budget) -> Anchor:
        """A cell evolved to about now, as far as `patience` goes, and kept. Raises as `read` does, and what a bug of a kind raises."""
        wall = self.store.wall()
        loaded = self.roster.loaded(rig, cell, wall)
        if loaded is None:
            raise NoSuchRig(rig)
        anchor, _ = self.anchors.evolved(loaded, cell, wall, patience)
        self.anchors.keep(loaded, cell, anchor)
        return anchor

    def reset(self, rig: str, render: Callable[[], bytes], asked: Asked = DIRECT, told: Mapping[str, Any] = NONE) -> bytes:
        """Plant and controllers back to the spec's initial state; clock, seed, faults and log stay.

        One row, however many devices; and one for each cell in which a device has a fault. It mends cells that are damaged: then what was
        known of the faults of devices is lost, and they are gone.
        """
        failing = self._failing(rig)

        def apply(draft: Draft) -> bytes:
            if not set(failing).issuperset(cells(draft.row.faults, self.plant.home)):  # one was set between the look and the lock
                raise StillEvolving(0.0)
            draft.row = replace(draft.happened(), resets=draft.row.resets + 1, reset_at=draft.at)
            body = render()
            event = Event(draft.row.events, "", draft.at, draft.wall, "", "reset", "{}", "", self.spec.digest)
            draft.transaction.append(draft.row, event)
            draft.transaction.trim(draft.row, "", KEPT)
            for name, anchor in draft.anchors.items():
                draft.put(name, plants.initial(self.plant.cell(name), draft.at, anchor.faults), "reset", {})
            draft.say({**asked._asdict(), "verb": "reset", **journal.replied(200, body), **told})
            return body

        def mend(draft: Draft) -> bytes:
            draft.row = replace(draft.row, faults=encode(of_transport(decode(draft.row.faults))))
            return apply(draft)

        try:
            return self.change(rig, failing, apply)
        except DamagedCell as error:
            log.warning("rig %r is reset without the faults of its devices: %s", rig, error)
            return self.change(rig, (), mend)

    def _failing(self, rig: str) -> list[str]:
        """The cells in which devices of the rig have faults."""
        loaded = self.roster.loaded(rig, "", self.store.wall())
        return [] if loaded is None else cells(loaded.rig.faults, self.plant.home)

    # -- near now --------------------------------------------------------------------------------------------------

    def patience(self) -> Budget:
        """How long one request may evolve."""
        return self.anchors.budget(PATIENCE)

    def _near_now(self, rig: str, name: str, patience: Budget) -> None:
        wall = self.store.wall()
        loaded = self.roster.loaded(rig, name, wall)
        if loaded is not None:
            self.anchors.evolved(loaded, name, wall, patience)

    def _all_to(self, row: RigRow, at: int, anchors: Mapping[str, Anchor], patience: Budget) -> dict[str, Anchor]:
        """Some may have been ahead of the others, by a checkpoint."""
        evolved: dict[str, Anchor] = {}
        for name, anchor in anchors.items():
            evolved[name], done = patience.evolve(self.plant.cell(name), anchor, at, seed_of(row))
            if not done:
                raise StillEvolving(0.0)
        return evolved

    # -- under the lock --------------------------------------------------------------------------------------------

    def _commanded(
        self, transaction: Transaction, rig: str, name: str, order: Order, render: Render, asked: Asked, told: Mapping[str, Any]
    ) -> tuple[RigRow, CellRow, Anchor, bytes] | None:
        """Evolve the short rest, apply and store. None, and nothing done, if the rest is not short: others wrote meanwhile."""
        wall = self.store.wall()
        row = self.roster.current(transaction, rig, wall)
        stored, anchor = self.anchors.of(transaction, row, name, wall)
        cell, seed, at = self.plant.cell(name), seed_of(row), max(instant(row, wall), anchor.at)
        before, done = self.anchors.budget(UNDER_LOCK).evolve(cell, anchor, at, seed)
        if not done:
            return None
        anchor = plants.command(cell, before, at, seed, order.device, order.verb, order.arguments)
        row = gone_on(row, at, wall)
        look = Look(cell, anchor, at, seed)
        body = render(look)
        after = CellRow(row.events, row.resets, at, plants.encode(anchor))
        transaction.put_cell(row, name, after)
        self._log(transaction, row, name, order, wall, stored, after)
        said = journal.commanded(asked, order, body, changes(Look(cell, before, at, seed), look))
        row = journal.write(transaction, row, at, wall, {**said, **told})
        transaction.put_rig(row)
        return row, after, anchor, body

    def _log(
        self, transaction: Transaction, row: RigRow, name: str, order: Order, wall: int, before: CellRow | None, after: CellRow
    ) -> None:
        opens = before is None or before.revision // STRETCH != after.revision // STRETCH
        base = (after.body, self.spec.digest) if opens else (None, None)
        arguments = json.dumps(order.arguments, separators=(",", ":"))
        transaction.append(row, Event(after.revision, name, after.at, wall, order.device, order.verb, arguments, *base))
        if opens:
            transaction.trim(row, name, KEPT)

    def _draft(self, transaction: Transaction, rig: str, cells: Collection[str]) -> Draft | None:
        """None if the rest to evolve is not short."""
        wall, rest = self.store.wall(), self.anchors.budget(UNDER_LOCK)
        row = self.roster.current(transaction, rig, wall)
        anchors = {name: self.anchors.of(transaction, row, name, wall)[1] for name in cells}
        at = max([instant(row, wall), *(anchor.at for anchor in anchors.values())])
        for name in cells:
            anchors[name], done = rest.evolve(self.plant.cell(name), anchors[name], at, seed_of(row))
            if not done:
                return None
        return Draft(transaction, row, wall, at, anchors)
