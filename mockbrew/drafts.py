"""A draft: a rig that is being changed as one step, under the store's lock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mockbrew import journal
from mockbrew import plant as plants
from mockbrew.plant import Anchor
from mockbrew.stores.base import CellRow, Event, RigRow, Transaction
from mockbrew.timeline import gone_on


class Draft:
    """A rig that is being changed as one step, under the lock. What `row` is in the end is stored.

    at: virtual ns, of now. wall: ns. anchors: the cells that were asked for, evolved to `at`.
    """

    def __init__(self, transaction: Transaction, row: RigRow, wall: int, at: int, anchors: Mapping[str, Anchor]) -> None:
        self.transaction, self.row, self.wall, self.at, self.anchors = transaction, row, wall, at, anchors
        self.changed: dict[str, tuple[CellRow, Anchor]] = {}
        self._before = row.events

    def put(self, cell: str, anchor: Anchor, verb: str, arguments: Mapping[str, Any], device: str = "") -> None:
        """Keep a cell, which is anchored at `at`, as the event `verb`; with its base, since no command leads there."""
        row, body = self.happened(), plants.encode(anchor)
        stored = CellRow(row.events, row.resets, self.at, body)
        self.transaction.put_cell(row, cell, stored)
        said = json.dumps(arguments, separators=(",", ":"))
        self.transaction.append(row, Event(row.events, cell, self.at, self.wall, device, verb, said, body, row.spec))
        self.changed[cell] = (stored, anchor)

    def happened(self) -> RigRow:
        """The row with this step counted as one event, however many cells it changes."""
        if self.row.events == self._before:
            self.row = gone_on(self.row, self.at, self.wall)
        return self.row

    def say(self, said: Mapping[str, Any]) -> None:
        """Write to the rig's journal."""
        self.row = journal.write(self.transaction, self.row, self.at, self.wall, said)
