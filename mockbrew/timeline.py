"""A rig's virtual time: where its clock stands, how far it goes by itself, and what an event does to it."""

from __future__ import annotations

from dataclasses import replace

from mockbrew.clock import DAY, HORIZON
from mockbrew.stores.base import RigRow

KEPT = 4_096  # events that a cell's log keeps at least when it is trimmed
LAST = 100_000 * DAY  # virtual ns at which time ends, after 273 years: the integers of a store end after 292


def instant(row: RigRow, wall: int) -> int:
    """Virtual ns of the rig at `wall` (ns): not before its last event, and no further after it than the horizon."""
    return moment(row, wall)[0]


def moment(row: RigRow, wall: int) -> tuple[int, bool]:
    """`instant` and `stands_still` of the rig at `wall` (ns)."""
    at, last = row.clock.at(wall), row.last_at
    if last <= at < LAST and at - last < HORIZON:  # as nearly always
        return at, False
    return min(max(at, last), horizon(row)), at >= horizon(row)


def horizon(row: RigRow) -> int:
    """Virtual ns from which on nothing moves any more unless something happens to the rig."""
    return min(row.last_at + HORIZON, LAST)


def stands_still(row: RigRow, wall: int) -> bool:
    """Whether nothing moves any more at `wall` (ns), because the last event is a horizon ago."""
    return row.clock.at(wall) >= horizon(row)


def readable(row: RigRow, wall: int) -> RigRow:
    """The row of whoever is in a transaction at `wall` (ns), to be put: a change of its clock that is late is taken back."""
    return replace(row, changing=0) if row.changing and wall >= row.changing else row


def gone_on(row: RigRow, at: int, wall: int) -> RigRow:
    """The rig's row with one more event at `at` (virtual ns); a clock that stood still at the horizon goes on from there."""
    clock = row.clock.rebased(at, wall) if stands_still(row, wall) else row.clock
    return replace(row, clock=clock, last_at=at, events=row.events + 1, used=max(row.used, wall))


def seed_of(row: RigRow) -> str:
    """What the rig's noise is drawn from."""
    return f"{row.seed}/{row.name}"


def first_seed(rig: str) -> str:
    """The same of a rig that is still to be made."""
    return f"0/{rig}"
