"""Which stored rows still hold: the rules that all stores share, as pure functions of rows."""

from __future__ import annotations

from mockbrew.stores.base import CellRow, Loaded, RigRow


def loaded(rig: RigRow, row: CellRow | None, ahead: CellRow | None) -> Loaded:
    """What of a cell's stored rows holds under the rig's row: a row of an earlier reset is void, and so is what went ahead of it."""
    valid = row if row is not None and row.resets == rig.resets else None
    return Loaded(rig, valid, ahead if ahead is not None and _belongs(ahead, rig, valid) else None)


def keeps(now: Loaded | None, asked: RigRow, ahead: CellRow) -> bool:
    """Whether `ahead`, evolved from what was loaded with `asked`, is still of use: the compare of a checkpoint's compare-and-set.

    The spec counts too: a rig that was migrated meanwhile writes its cells in another layout, also those without a row.
    """
    if now is None or (now.rig.run, now.rig.spec) != (asked.run, asked.spec):
        return False
    return _belongs(ahead, now.rig, now.row) and not (now.ahead is not None and now.ahead.at > ahead.at)


def _belongs(ahead: CellRow, rig: RigRow, row: CellRow | None) -> bool:
    return (ahead.resets, ahead.revision) == (rig.resets, row.revision if row is not None else 0)
