"""The clock of a rig is changed by a machine that is busy with other things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import pytest

from mockbrew.clock import SECOND
from mockbrew.drafts import Draft
from mockbrew.errors import StoreError
from mockbrew.rigs import DEFAULT
from mockbrew.stores.base import Store, Transaction
from mockbrew.testbench.clock import AHEAD, Timekeeper
from mockbrew.timeline import instant
from tests.rigs.small import Bench
from tests.rigs.timekeeping import at, journal, keeper


@dataclass(slots=True)
class Busy:
    """A store in which so many s go by before each commit, and after it; each list once.

    seen: what readers have seen of the clock, in virtual ns, who had sampled the wall and loaded the row just before each commit, and
    just after it.
    """

    store: Store
    bench: Bench
    before: list[float] = field(default_factory=list)
    after: list[float] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        row = self.bench.process().row(DEFAULT)
        with self.store.transaction() as transaction:
            yield transaction
            self.bench.wait(self.before.pop(0) if self.before else 0)
            if not row.changing or self.store.wall() < row.changing:  # else that reader waits until this has been committed
                self.seen.append(instant(row, self.store.wall()))
        self.bench.wait(self.after.pop(0) if self.after else 0)
        self.seen.append(at(self.bench))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def busy(rig: Bench, before: Sequence[float] = (), after: Sequence[float] = ()) -> tuple[Timekeeper, Busy]:
    """A process that is busy, and its store; the bench's own is not."""
    rig.command("A", "turn_on")
    keeping = rig.process()
    keeping.store = machine = Busy(rig.store, rig, [*before], [*after])
    return Timekeeper(keeping, rig.wait), machine


def test_a_freeze_that_was_announced_in_time_may_be_committed_as_late_as_it_likes(rig: Bench) -> None:
    busy_keeper, machine = busy(rig, before=[0.001, 3.0])

    frozen = busy_keeper.set(DEFAULT, rate=Fraction(0))
    assert [row.changing for row in rig.store.rigs()] == [0]
    rig.wait(10)

    assert at(rig) == frozen.at == AHEAD
    assert machine.seen == sorted(machine.seen)
    assert [said["verb"] for said in journal(rig)] == ["turn_on", "clock"]


@pytest.mark.parametrize("gaps", [{"before": [0.2, 0.0]}, {"after": [0.2, 0.0]}, {"before": [0.2, 0.0, 0.1], "after": [0.2, 0.05]}])
def test_a_freeze_that_was_announced_too_late_or_waited_for_is_announced_again(rig: Bench, gaps: dict[str, list[float]]) -> None:
    busy_keeper, machine = busy(rig, **gaps)

    frozen = busy_keeper.set(DEFAULT, rate=Fraction(0))
    rig.wait(10)

    assert machine.before == machine.after == []
    assert machine.seen == sorted(machine.seen)
    assert at(rig) == frozen.at > 0.2 * SECOND
    assert [said["verb"] for said in journal(rig)] == ["turn_on", "clock"]
    assert rig.rigs.row(DEFAULT).changing == 0


def test_what_goes_on_at_least_as_fast_is_not_announced_and_may_be_committed_late(rig: Bench) -> None:
    busy_keeper, machine = busy(rig, before=[3.0])

    told = busy_keeper.set(DEFAULT, rate=Fraction(2))

    assert told.at == AHEAD
    assert machine.seen == sorted(machine.seen)
    assert len(machine.seen) == 2
    assert at(rig) == AHEAD + 2 * (3 * SECOND - AHEAD)


def announced(rig: Bench) -> int:
    """As by a process that was killed then: the wall (ns) of a change of the clock that is announced."""
    rig.command("A", "turn_on")
    wall = rig.store.wall() + AHEAD

    def announce(draft: Draft) -> None:
        draft.row = replace(draft.row, changing=wall)

    rig.rigs.change(DEFAULT, (), announce)
    return wall


def test_an_announced_change_holds_nobody_up_before_its_time(rig: Bench) -> None:
    wall = announced(rig)
    rig.wait(0.004)

    assert rig.look("A").at == 4 * SECOND // 1000
    rig.command("A", "turn_off")
    assert rig.rigs.row(DEFAULT).changing == wall


def test_an_announced_change_whose_time_has_come_is_taken_back_by_whoever_reads(rig: Bench) -> None:
    announced(rig)
    rig.wait(600)

    assert rig.look("A").at == 600 * SECOND
    assert rig.rigs.row(DEFAULT).changing == 0


def test_an_announced_change_whose_time_has_come_is_taken_back_by_whoever_commands(rig: Bench) -> None:
    wall = announced(rig)
    with rig.store.transaction() as transaction:
        early = rig.rigs.roster.current(transaction, DEFAULT, rig.store.wall())
    rig.wait(600)

    with rig.store.transaction() as transaction:
        late = rig.rigs.roster.current(transaction, DEFAULT, rig.store.wall())

    assert (early.changing, late.changing) == (wall, 0)


def test_of_two_who_slow_the_clock_at_once_both_get_what_they_want_one_after_the_other(rig: Bench) -> None:
    other = Timekeeper(rig.process(), rig.wait)
    wall = announced(rig)

    told = other.set(DEFAULT, rate=Fraction(1, 2))
    last = keeper(rig).set(DEFAULT, rate=Fraction(0))

    assert (told.at, last.rate) == (AHEAD, Fraction(0))
    assert last.at == AHEAD + AHEAD // 2
    assert rig.rigs.row(DEFAULT).clock.wall_base == wall + AHEAD


def test_a_machine_that_is_never_in_time_is_told_and_nothing_has_changed(rig: Bench) -> None:
    busy_keeper, _ = busy(rig, before=[1e6] * 1000)
    before = rig.rigs.row(DEFAULT)
    rig.stopwatch.step = 0.1

    told = "rig 'default': the machine is too busy to change its clock at a sure instant; nothing was changed; ask again"
    with pytest.raises(StoreError, match=told):
        busy_keeper.set(DEFAULT, rate=Fraction(0))

    after = rig.rigs.row(DEFAULT)
    assert replace(after, used=0, changing=0) == replace(before, used=0)


def test_a_change_is_answered_only_when_it_holds(rig: Bench) -> None:
    rig.command("A", "turn_on")
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        rig.wait(max(seconds / 2, 1e-9))

    told = Timekeeper(rig.rigs, wait).advance(DEFAULT, SECOND)

    assert rig.store.wall() >= rig.rigs.row(DEFAULT).clock.wall_base
    assert len(waited) > 10
    assert at(rig) == told.at


def test_a_wall_that_stands_still_is_not_waited_for(rig: Bench) -> None:
    rig.command("A", "turn_on")
    waited: list[float] = []

    told = Timekeeper(rig.rigs, waited.append).advance(DEFAULT, SECOND)

    assert waited == [AHEAD / SECOND]
    assert at(rig) == told.at == SECOND + AHEAD


def test_a_rig_that_is_made_by_being_frozen_begins_at_zero_exactly(rig: Bench) -> None:
    told = keeper(rig).set("team-a", rate=Fraction(0))

    rig.wait(10)
    assert keeper(rig).show("team-a").at == told.at == 0
