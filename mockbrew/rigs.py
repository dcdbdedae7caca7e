"""Rigs: instances of one spec, each with its state and clock, on top of a store and the plant.

A reading loads one cell and evolves it in memory; a command evolves it, takes the store, evolves the short rest, applies, appends to the
event log and stores the cell whole, in one transaction. `change` does the same for several cells and the rig's own row.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from mockbrew import journal
from mockbrew import plant as plants
from mockbrew.anchors import Anchors
from mockbrew.budget import Budget
from mockbrew.changes import changes
from mockbrew.devices.declare import NONE
from mockbrew.drafts import STRETCH, Draft
from mockbrew.errors import DamagedCell, NoSuchRig, StillEvolving
from mockbrew.faults.documents import cells, decode, encode, of_transport
from mockbrew.judgement import judge, keep_up
from mockbrew.messages import DIRECT, Asked, Order
from mockbrew.plant import Anchor, Look, Plant
from mockbrew.replaying import again
from mockbrew.roster import CAP, DEFAULT, Roster, SpecChanged
from mockbrew.spec import Spec
from mockbrew.stores.base import Event, RigRow, Store, Transaction
from mockbrew.timeline import first_seed, instant, moment, seed_of
from mockbrew.verdicts import Verdict
from mockbrew.witness import Witness

__all__ = ["DEFAULT", "STRETCH", "Asked", "Draft", "Order", "Rigs", "Seen", "SpecChanged", "Together"]

PATIENCE = 4.5  # s that one request may evolve before it answers 503, so that with all else it does it answers within 5 s
UNDER_LOCK = 0.01  # s that cells may be evolved while others wait

log = logging.getLogger(__name__)

Render = Callable[[Look], bytes]
Result = TypeVar("Result")


class Seen(NamedTuple):
    """A cell at an instant, and its rig's row; None where there is no such rig yet. still: its time has stopped."""

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

    def __init__(
        self,
        spec: Spec,
        store: Store,
        *,
        stopwatch: Callable[[], float] = time.monotonic,
        plant: Plant | None = None,
        record: str = "",
        cap: int = CAP,
    ) -> None:
        """plant, record: of this spec, if there is one already. cap: how many rigs there may be, the default one apart."""
        self.spec, self.store, self.plant = spec, store, plant or Plant(spec)
        self.roster, self.anchors = Roster(spec, store, cap, record), Anchors(self.plant, store, stopwatch)
        self.witness = Witness(self.plant)

    def read(self, rig: str, device: str) -> Seen:
        """The cell of `device` as it is now. Raises SpecChanged, StillEvolving, StoreError."""
        wall = self.store.wall()
        name = self.plant.home[device]
        loaded = self.roster.loaded(rig, name, wall)
        if loaded is None:
            cell = self.plant.cell(name)
            return Seen(Look(cell, plants.initial(cell, 0), 0, first_seed(rig)), None, still=False)
        row = loaded.rig
        at, still = moment(row, wall)
        anchor = self.anchors.holding(loaded, name, at)
        if anchor is None:
            anchor, at = self.anchors.evolved(loaded, name, wall, self.patience())
        return Seen(Look(self.plant.cell(name), anchor, at, seed_of(row)), row, still)

    def command(self, rig: str, order: Order, render: Render, asked: Asked = DIRECT, told: Mapping[str, Any] = NONE) -> bytes:
        """Do it, durably, and answer what `render` makes of the cell afterwards. told: what else its journal says, as it is after `render`.

        If anything is raised (by `render` too), nothing has changed. Raises SpecChanged, StillEvolving, StoreError, TooManyRigs.
        """
        name = self.plant.home[order.device]
        cell = self.plant.cell(name)

        def apply(draft: Draft) -> bytes:
            before, at, seed = draft.anchors[name], draft.at, seed_of(draft.row)
            anchor = plants.command(cell, before, at, seed, order.device, order.verb, order.arguments)
            look = Look(cell, anchor, at, seed)
            body = render(look)
            draft.do(name, anchor, order)
            said = journal.commanded(asked, order, body, changes(Look(cell, before, at, seed), look))
            draft.say({**said, **told})
            return body

        return self.change(rig, (name,), apply)

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
                    draft.keep()
            if draft is not None:
                for name, (stored, anchor) in draft.changed.items():
                    self.anchors.remember(draft.row, name, stored, anchor)
                return result
        raise StillEvolving(0.0)

    def row(self, rig: str, device: str | None = None) -> RigRow:
        """The rig's row; as it is read with the cell of a device, if that is asked for next. Raises NoSuchRig, SpecChanged, StoreError."""
        return self.roster.row(rig, "" if device is None else self.plant.home[device])

    def now(self, rig: str) -> tuple[RigRow, int]:
        """The rig's row, and its virtual ns; not beyond a clock that is frozen meanwhile, since the wall comes first. Raises as `row`."""
        wall = self.store.wall()
        row = self.row(rig)
        return row, instant(row, wall)

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

    def judged(self, rig: str, patience: Budget) -> Verdict:
        """The rig, held against the rules of its spec up to now. Raises NoSuchRig, SpecChanged, StillEvolving, StoreError."""
        return again(rig, lambda: judge(self.plant, self.store, self.row(rig), patience), patience)

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
            draft.trim("")
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
            if (loaded.rig.events + 1) % STRETCH == 0:  # about to open a stretch of the log, and to trim it
                keep_up(self.witness, self.store, loaded.rig, patience)

    def _all_to(self, row: RigRow, at: int, anchors: Mapping[str, Anchor], patience: Budget) -> dict[str, Anchor]:
        """Some may have been ahead of the others, by a checkpoint."""
        evolved: dict[str, Anchor] = {}
        for name, anchor in anchors.items():
            evolved[name], done = patience.evolve(self.plant.cell(name), anchor, at, seed_of(row))
            if not done:
                raise StillEvolving(0.0)
        return evolved

    # -- under the lock --------------------------------------------------------------------------------------------

    def _draft(self, transaction: Transaction, rig: str, cells: Collection[str]) -> Draft | None:
        """None if the rest to evolve is not short."""
        wall, rest = self.store.wall(), self.anchors.budget(UNDER_LOCK)
        row = self.roster.current(transaction, rig, wall)
        stored = {name: self.anchors.of(transaction, row, name, wall) for name in cells}
        anchors = {name: anchor for name, (_, anchor) in stored.items()}
        at = max([instant(row, wall), *(anchor.at for anchor in anchors.values())])
        for name in cells:
            anchors[name], done = rest.evolve(self.plant.cell(name), anchors[name], at, seed_of(row))
            if not done:
                return None
        return Draft(transaction, row, wall, at, anchors, {name: before for name, (before, _) in stored.items()}, self.witness)
