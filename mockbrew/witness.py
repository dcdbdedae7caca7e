"""The witness: how it was with the rules of a cell between one event and the next, told by whoever carries out the later one.

Such a one has the cell at hand as it was meanwhile, so that it costs little to say which rules were broken all the time. It is said with
the event; whoever judges the past takes it from there and replays only where nothing was said. What is said follows from the states alone:
anybody who replays finds the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from mockbrew.cells import Cell
from mockbrew.clock import SECOND
from mockbrew.hazards.precedents import Precedents, precedents_of
from mockbrew.hazards.watch import Group, groups
from mockbrew.plant import Anchor, Plant
from mockbrew.seeking.scene import Scene
from mockbrew.stores.base import CellRow, RigRow
from mockbrew.timeline import seed_of

LATE = SECOND  # wall ns between two events at most, for the earlier state to be told: of rare ones the log would be mostly that


class Witness:
    """What to say of the rules of each cell of a plant. Safe to use from any thread."""

    def __init__(self, plant: Plant) -> None:
        self.plant, self.groups = plant, groups(plant.spec)
        self._rules = {group.cells[0]: group.rules for group in self.groups if len(group.cells) == 1}
        self._watching: dict[str, list[Group]] = {}
        for group in self.groups:
            for cell in group.cells:
                self._watching.setdefault(cell, []).append(group)
        self._precedents: dict[str, Precedents | None] = {}

    def watching(self, cell: str) -> Sequence[Group]:
        """The groups of rules that look at a cell, or, for "", at the rig."""
        return self._watching.get(cell, ()) if cell else self.groups

    def said(self, row: RigRow, name: str, stored: CellRow | None, anchor: Anchor, at: int) -> str | None:
        """Of the time from the last event of a cell, `stored`, to the one at `at` (virtual ns), up to which the anchor was evolved.

        Which rules were broken all the time, as `broken` reads it; or else what the cell was like after that event; or nothing.
        """
        precedents = self._precedents[name] if name in self._precedents else self._precedents_of(name)
        if precedents is None or stored is None:
            return None
        if anchor.at == stored.at:  # no boundary was crossed
            scene = Scene(self.plant, {name: anchor}, stored.at, seed_of(row))
            mask = precedents.broken(scene, max(at - 1, stored.at))
            if mask is not None:
                return format(mask, "x")
        return stored.body if at - stored.at <= LATE * row.clock.rate else None

    def _precedents_of(self, name: str) -> Precedents | None:
        """None of a cell of which nobody can be witness: it has no rules of its own, or some of its hazards are found by a replay only."""
        rules = self._rules.get(name)
        found = None if rules is None or _blocks(self.plant.cell(name)) else precedents_of(self.plant, name, rules)
        self._precedents[name] = found
        return found


def broken(testimony: str, precedents: Precedents) -> frozenset[str] | None:
    """The rules that were broken all the time, by what a witness said; None if that is what the cell was like."""
    return None if testimony.startswith("[") else precedents.names(int(testimony, 16))


def _blocks(cell: Cell) -> bool:
    """Whether interlocks may keep controllers from something, which only a replay finds."""
    return bool(cell.interlocks and cell.controllers)
