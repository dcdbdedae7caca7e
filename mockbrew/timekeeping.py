"""Timekeeping: how the clock of a rig is changed. It gets another rate, or jumps ahead; within a run it never goes back.

A change lies a little ahead: it is made for a wall `AHEAD` of now, and goes on from where the old clock will stand then. Who reads samples
the wall before it loads the rig's row. So once a change is committed before its wall, nobody has seen, or will see, the old clock beyond
it; until then all who have the new one see the instant at which it begins. A change that was committed too late, by a machine that was
busy with other things, is made once more, ahead of all that the old clock may have shown, before it is answered (docs/adr/0023).

No change of a clock is an event: no cell gets another anchor, so readings at equal virtual times are equal to the last bit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from mockbrew.clock import SECOND, Clock, seconds
from mockbrew.drafts import Draft
from mockbrew.errors import StoreError, TimeGoesBack
from mockbrew.messages import DIRECT, Asked
from mockbrew.rigs import Rigs
from mockbrew.stores.base import RigRow
from mockbrew.timeline import horizon, instant, stands_still

AHEAD = 5_000_000  # ns of wall between a change and the instant from which it holds: ten times what a commit takes
FASTEST = 100_000  # virtual s per s of wall

Said = Mapping[str, Any]
Shift = Callable[[RigRow, int], Clock | None]  # from a row, and the wall (ns) from which it holds, to the clock; None for the same


@dataclass(frozen=True, slots=True)
class Shown:
    """What the clock of a rig shows. at: virtual ns. horizon: virtual ns at which it stands still. still: it does so already."""

    at: int
    rate: Fraction
    horizon: int
    still: bool


@dataclass(frozen=True, slots=True)
class Timekeeper:
    """The clocks of all rigs. wait: lets so many s go by."""

    rigs: Rigs
    wait: Callable[[float], None] = time.sleep

    def show(self, rig: str) -> Shown:
        """Now. Raises NoSuchRig, SpecChanged, StoreError."""
        wall = self.rigs.store.wall()
        return shown(self.rigs.row(rig), wall)

    def set(self, rig: str, *, rate: Fraction | None = None, at: int | None = None, asked: Asked = DIRECT) -> Shown:
        """Another rate (0 freezes), another time (virtual ns), or both, in one step. Raises TimeGoesBack, and as `Rigs.change` does."""

        def shift(row: RigRow, wall: int) -> Clock:
            base = instant(row, wall) if at is None else _later(rig, instant(row, wall), at)
            return Clock(min(base, horizon(row)), wall, row.clock.rate if rate is None else rate)

        arguments = {"rate": None if rate is None else number(rate), "time": None if at is None else seconds(at)}
        return self._shown(rig, shift, _said(asked, "clock", {name: each for name, each in arguments.items() if each is not None}))

    def advance(self, rig: str, ahead: int, *, asked: Asked = DIRECT) -> Shown:
        """Jump ahead (virtual ns), but not beyond the horizon. Raises as `Rigs.change` does."""

        def shift(row: RigRow, wall: int) -> Clock:
            return Clock(min(instant(row, wall) + ahead, horizon(row)), wall, row.clock.rate)

        return self._shown(rig, shift, _said(asked, "advance", {"seconds": seconds(ahead)}))

    def shifted(self, rig: str, shift: Shift, said: Said) -> RigRow:
        """Change the clock, and wait until the change holds. said: to the journal. Raises what `shift` raises, and as `Rigs.change` does.

        If anything is raised but StoreError, nothing has changed.
        """
        patience, ahead = self.rigs.patience(), AHEAD
        change: _Change | None = None
        while not patience.spent:
            attempt = _Attempt(self.rigs, shift, said, ahead) if change is None else _Attempt(self.rigs, change.mended, {}, ahead)
            try:
                change = self.rigs.change(rig, (), attempt.apply)
            except _TooLate:
                pass
            else:
                if change.never_back or self.rigs.store.wall() < change.after.clock.wall_base:
                    self._until(change.after.clock.wall_base)
                    return change.after
            ahead *= 2
        raise StoreError(f"rig {rig!r}: the machine is too busy to change its clock at a sure instant; ask again")

    def _shown(self, rig: str, shift: Shift, said: Said) -> Shown:
        row = self.shifted(rig, shift, said)
        return shown(row, row.clock.wall_base)

    def _until(self, wall: int) -> None:
        """Not for ever: a wall that stands still, as that of a test may, shows nobody what was before."""
        now, before = self.rigs.store.wall(), -1
        while before < now < wall:
            self.wait((wall - now) / SECOND)
            now, before = self.rigs.store.wall(), now


@dataclass(frozen=True, slots=True)
class _Change:
    """A clock that was changed: the rig's row before, as of which all readers may have read who came before the commit, and after."""

    before: RigRow
    after: RigRow

    @property
    def never_back(self) -> bool:
        """Whether the new clock is nowhere behind the old one. Then it does not matter when it was committed."""
        return self.after.clock.rate >= self.before.clock.rate

    def mended(self, row: RigRow, wall: int) -> Clock:
        """The clock as it is since, but ahead of all that the old one has shown."""
        return Clock(max(instant(row, wall), instant(self.before, wall)), wall, row.clock.rate)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """To change a clock for a wall `ahead` (ns) of now."""

    rigs: Rigs
    shift: Shift
    said: Said
    ahead: int

    def apply(self, draft: Draft) -> _Change:
        """Under the lock. Raises _TooLate if so much time has gone by that a commit might not be in time."""
        before, wall = draft.row, max(draft.wall, draft.row.clock.wall_base) + self.ahead
        clock = self.shift(before, wall)
        if clock is None:
            return _Change(before, before)
        draft.row = replace(before, clock=clock)
        if self.said:
            draft.say({**self.said, "clock": {"time": seconds(clock.base), "rate": number(clock.rate)}})
        change = _Change(before, draft.row)
        if not change.never_back and self.rigs.store.wall() > wall - self.ahead // 2:
            raise _TooLate
        return change


class _TooLate(Exception):
    """Nothing was written; it may be tried again for a later wall."""


def shown(row: RigRow, wall: int) -> Shown:
    """What a clock shows at `wall` (ns)."""
    return Shown(instant(row, wall), row.clock.rate, horizon(row), stands_still(row, wall))


def number(rate: Fraction) -> int | float:
    """A rate as JSON has it."""
    return int(rate) if rate.denominator == 1 else float(rate)


def _later(rig: str, now: int, at: int) -> int:
    """Raises TimeGoesBack. Compared as told, in seconds: a float of many days does not hold the nanoseconds."""
    if seconds(at) < seconds(now):
        raise TimeGoesBack(rig, seconds(at), seconds(now))
    return at if seconds(at) > seconds(now) else now


def _said(asked: Asked, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {**asked._asdict(), "verb": verb, "arguments": arguments, "status": 200}
