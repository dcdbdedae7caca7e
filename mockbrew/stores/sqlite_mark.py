"""Marks: what a transaction leaves on each rig that it writes to."""

from __future__ import annotations

from dataclasses import dataclass, field

from mockbrew.stores.base import CellRow, RigRow
from mockbrew.stores.sqlite_reader import KnownRig


@dataclass(slots=True)
class Mark:
    """What a transaction leaves on a rig: the stamp of every row it writes, and the latest wall that any event or clock refers to.

    row: the rig as it is now. met: the runs and lives in which something was found or written. written: whether anything was. noted:
    whether the rig's row says so. cells: those of the row's run that were written, and have no checkpoint since. ahead: whether any cell
    was given a checkpoint.
    """

    stamp: int
    wall: int
    row: RigRow | None
    met: set[tuple[int, int]] = field(default_factory=set)
    written: bool = False
    noted: bool = True
    ahead: bool = False
    cells: dict[str, CellRow] = field(default_factory=dict)


def begun(rig: KnownRig | None) -> Mark:
    """That of a rig of which nothing is written yet; None where there is no such rig."""
    return Mark(1, 0, None) if rig is None else Mark(rig.stamp + 1, rig.wall, rig.row, {(rig.row.run, rig.row.born)})
