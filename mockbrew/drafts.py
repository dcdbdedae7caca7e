"""A draft: a rig that is being changed as one step, under the store's lock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockbrew import journal
from mockbrew import plant as plants
from mockbrew.judgement import may_trim
from mockbrew.messages import Order
from mockbrew.plant import Anchor
from mockbrew.stores.base import CellRow, Event, RigRow, Transaction
from mockbrew.timeline import KEPT, gone_on
from mockbrew.witness import Witness

STRETCH = 256  # events of a rig between two bases in a cell's log

encoded = json.JSONEncoder(separators=(",", ":")).encode  # json.dumps makes an encoder each time


class Draft:
    """A rig that is being changed as one step, under the lock. What `row` is in the end is stored.

    at: virtual ns, of now. wall: ns. anchors: the cells that were asked for, evolved to `at`. stored: their rows.
    """

    def __init__(
        self,
        transaction: Transaction,
        row: RigRow,
        wall: int,
        at: int,
        anchors: Mapping[str, Anchor],
        stored: Mapping[str, CellRow | None],
        witness: Witness,
    ) -> None:
        self.transaction, self.row, self.wall, self.at, self.anchors, self.stored = transaction, row, wall, at, anchors, stored
        self._witness, self._former = witness, row
        self.changed: dict[str, tuple[CellRow, Anchor]] = {}
        self._began = (row.run, row.events)

    def put(self, cell: str, anchor: Anchor, verb: str, arguments: Mapping[str, Any], device: str = "") -> None:
        """Keep a cell, which is anchored at `at`, as the event `verb`; with its base, since no command leads there."""
        before, stored = self.stored.get(cell), self._keep(cell, anchor)
        self._log(stored, cell, Order(device, verb, arguments), stored.body)
        if _opens(before, stored):
            self.trim(cell)

    def do(self, cell: str, anchor: Anchor, order: Order) -> None:
        """Keep a cell as an order has left it. It opens a stretch of the log, with a base, or is done again by whoever wants to know."""
        before, stored = self.stored[cell], self._keep(cell, anchor)
        opens = _opens(before, stored)
        self._log(stored, cell, order, stored.body if opens else None)
        if opens:
            self.trim(cell)

    def trim(self, cell: str) -> None:
        """Forget the oldest events of a cell's log, or, for "", of the rig's own; not before they were judged for hazards."""
        if may_trim(self.transaction, self._witness.watching(cell), self.row):
            self.transaction.trim(self.row, cell, KEPT)

    def happened(self) -> RigRow:
        """The row with this step counted as one event, however many cells it changes."""
        if self.row.events == self._began[1]:
            self.row = gone_on(self.row, self.at, self.wall)
        return self.row

    def keep(self) -> None:
        """The row as it is now, and that the rig was used."""
        self.transaction.put_rig(self.row if self.row.used >= self.wall else replace(self.row, used=self.wall))

    def say(self, said: Mapping[str, Any]) -> None:
        """Write to the rig's journal; of what was an event, with its number."""
        event = {} if (self.row.run, self.row.events) == self._began else {"event": self.row.events}
        self.row = journal.write(self.transaction, self.row, self.at, self.wall, {**event, **said})

    def _keep(self, cell: str, anchor: Anchor) -> CellRow:
        row = self.happened()
        stored = CellRow(row.events, row.resets, self.at, plants.encode(anchor))
        self.transaction.put_cell(row, cell, stored)
        self.changed[cell] = (stored, anchor)
        return stored

    def _log(self, stored: CellRow, cell: str, order: Order, base: str | None) -> None:
        said, spec = encoded(order.arguments) if order.arguments else "{}", None if base is None else self.row.spec
        event = Event(stored.revision, cell, self.at, self.wall, order.device, order.verb, said, base, spec, self._witnessed(cell))
        self.transaction.append(self.row, event)

    def _witnessed(self, cell: str) -> str | None:
        """How it was with the rules of a cell until now."""
        before = self.anchors.get(cell)
        return None if before is None else self._witness.said(self._former, cell, self.stored.get(cell), before, self.at)


def _opens(before: CellRow | None, stored: CellRow) -> bool:
    """Whether a row of a cell opens a stretch of its log."""
    return before is None or before.revision // STRETCH != stored.revision // STRETCH
