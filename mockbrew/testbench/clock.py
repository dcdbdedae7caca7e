"""The clock: how the clock of a rig is changed. It gets another rate, or jumps ahead; within a run it never goes back.

A change lies a little ahead: it is made for a wall `AHEAD` of now, and goes on from where the old clock will stand then. Who reads samples
the wall before it loads the rig's row. A clock that is to be slower than before is announced first (`RigRow.changing`): whoever finds that
announced for a wall that has come may not read it. So once the announcement is committed before its wall, nobody has seen, or will see,
the old clock beyond it, and the change may be committed as late as it happens to be. Whoever comes in between takes the announcement back,
and it is made again. A clock that is nowhere behind the old one needs none of this (docs/adr/0023).

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

        If anything is raised, nothing has changed.
        """
        patience, ahead = self.rigs.patience(), AHEAD
        while not patience.spent:
            row = self.rigs.change(rig, (), _Attempt(shift, said, ahead).apply)
            if row is not None:
                self._until(row.clock.wall_base)
                return row
            ahead += ahead // 2
        raise StoreError(f"rig {rig!r}: the machine is too busy to change its clock at a sure instant; nothing was changed; ask again")

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
class _Attempt:
    """To change a clock for the wall that is announced, or for one `ahead` (ns) of now."""

    shift: Shift
    said: Said
    ahead: int

    def apply(self, draft: Draft) -> RigRow | None:
        """Under the lock. The rig's row, once there is nothing left to do; None if the change was only announced."""
        row = draft.row
        fresh = row.clock == Clock(0, draft.wall) and not row.entries  # made by this very change: nobody has seen its clock
        wall = draft.wall if fresh else row.changing or draft.wall + self.ahead  # of a row that may be read: it was announced in time
        clock = self.shift(row, wall)
        if clock is None:
            return row
        if clock.rate < row.clock.rate and not row.changing and not fresh:
            draft.row = replace(row, changing=wall)
            return None
        draft.row = replace(row, clock=clock, changing=0)
        draft.say({**self.said, "clock": {"time": seconds(clock.base), "rate": number(clock.rate)}})
        return draft.row


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
