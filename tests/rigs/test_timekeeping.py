"""The clock of a rig: its rate is set, it jumps ahead, and it never goes back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew import plant
from mockbrew.clock import HORIZON, SECOND, nanoseconds
from mockbrew.drafts import Draft
from mockbrew.errors import NoSuchRig, StoreError, TimeGoesBack
from mockbrew.messages import Asked
from mockbrew.rigs import DEFAULT
from mockbrew.stores.base import Store, Transaction
from mockbrew.testbench.clock import AHEAD, FASTEST, Shown, Timekeeper
from mockbrew.timeline import instant
from tests.rigs.small import Bench, bench

HOUR = 3_600 * SECOND


def keeper(rig: Bench) -> Timekeeper:
    return Timekeeper(rig.rigs, rig.wait)


def at(rig: Bench) -> int:
    """Virtual ns, now."""
    return keeper(rig).show(DEFAULT).at


def journal(rig: Bench) -> list[dict[str, Any]]:
    return [json.loads(entry.body) for entry in rig.store.journal(rig.rigs.row(DEFAULT), 0, 100)]


def test_a_frozen_clock_stands_and_a_running_one_goes_on_from_there(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.wait(10)

    frozen = keeper(rig).set(DEFAULT, rate=Fraction(0))
    rig.wait(1000)
    assert at(rig) == frozen.at == 10 * SECOND + AHEAD

    keeper(rig).set(DEFAULT, rate=Fraction(1))
    rig.wait(5)
    assert at(rig) == frozen.at + 5 * SECOND


@pytest.mark.parametrize("rate", ["60", "0.1", "1/3", "100000", "0.000001"])
def test_a_rate_is_exact(rig: Bench, rate: str) -> None:
    rig.command("A", "turn_on")
    begin = keeper(rig).set(DEFAULT, rate=Fraction(rate)).at

    rig.wait(20)

    assert at(rig) == begin + 20 * SECOND * Fraction(rate) // 1


def test_a_clock_is_advanced_and_what_has_gone_by_is_evolved(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(1)
    cold = rig.reading("T", "temperature")

    advanced = keeper(rig).advance(DEFAULT, HOUR // 2)

    assert advanced == Shown(SECOND + AHEAD + HOUR // 2, Fraction(1), HORIZON, still=False)
    assert rig.look().at == advanced.at
    assert cold == pytest.approx(20, abs=0.1)
    assert rig.reading("T", "temperature") > 70  # type: ignore[operator]  # a number, of a probe that is sound


def test_a_clock_is_set_to_a_later_time_exactly_and_its_rate_in_the_same_step(rig: Bench) -> None:
    rig.command("A", "turn_on")

    told = keeper(rig).set(DEFAULT, at=HOUR, rate=Fraction(0))

    assert told == Shown(HOUR, Fraction(0), HORIZON, still=False)
    assert at(rig) == HOUR
    assert len(journal(rig)) == 2


def test_a_clock_is_not_set_back_and_nothing_has_changed(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.wait(100)
    before = rig.rigs.row(DEFAULT)

    with pytest.raises(TimeGoesBack) as refused:
        keeper(rig).set(DEFAULT, at=99 * SECOND, rate=Fraction(0))

    assert str(refused.value) == "rig 'default': it is 100.005 s there already, and time never goes back to 99.0 s; nothing was changed"
    assert refused.value.status == 409
    assert refused.value.members == {"time": 100.005}
    assert rig.rigs.row(DEFAULT) == before
    assert len(journal(rig)) == 1


def test_a_frozen_clock_is_set_to_the_time_that_it_told_also_after_years(rig: Bench) -> None:
    late = 20_000_000 * SECOND + 123_456_789  # more than a float of seconds holds to the nanosecond
    rig.command("A", "turn_on")
    keeper(rig).set(DEFAULT, rate=Fraction(0))
    row = rig.rigs.row(DEFAULT)
    with rig.store.transaction() as transaction:
        transaction.put_rig(replace(row, clock=row.clock.rebased(late, 0), last_at=late - HOUR))

    told = keeper(rig).set(DEFAULT, at=nanoseconds(late / SECOND))

    assert told.at == late


def test_no_jump_goes_beyond_the_horizon_and_the_answer_says_so(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.wait(100)

    there = Shown(HORIZON, Fraction(1), HORIZON, still=True)
    assert keeper(rig).advance(DEFAULT, HORIZON) == there
    assert keeper(rig).advance(DEFAULT, SECOND) == there
    assert keeper(rig).set(DEFAULT, at=2 * HORIZON) == there
    assert keeper(rig).set(DEFAULT, rate=Fraction(0)).still
    assert [said["clock"]["time"] for said in journal(rig)[1:]] == [HORIZON / SECOND] * 4

    rig.command("A", "turn_off")
    assert not keeper(rig).advance(DEFAULT, SECOND).still
    assert at(rig) == HORIZON + SECOND


def test_at_the_fastest_rate_readings_are_right_days_later(rig: Bench) -> None:
    rig.command("C", "start")
    begin = keeper(rig).set(DEFAULT, rate=Fraction(FASTEST)).at
    rig.wait(2)

    fast = rig.look()

    assert fast.at == begin + 2 * FASTEST * SECOND
    other = bench()
    other.command("C", "start")
    other.wait(fast.at / SECOND)
    slow = other.look()
    assert plant.moved(fast.cell, fast.anchor, fast.at) == plant.moved(slow.cell, slow.anchor, slow.at)


def test_a_minute_at_sixty_is_an_hour_bit_for_bit(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(7)
    begin = keeper(rig).set(DEFAULT, rate=Fraction(60)).at
    other = bench()
    other.command("C", "start")
    other.wait(begin / SECOND)

    for _ in range(12):
        rig.wait(5)
        other.wait(300)
        fast, slow = rig.look(), other.look()

        assert fast.at == slow.at
        assert plant.moved(fast.cell, fast.anchor, fast.at) == plant.moved(slow.cell, slow.anchor, slow.at)


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("rate"), st.fractions(0, 1000, max_denominator=100)),
        st.tuples(st.just("advance"), st.fractions(0, 2000)),
        st.tuples(st.just("wait"), st.fractions(0, 100)),
        st.tuples(st.just("look"), st.just(Fraction(0))),
        st.tuples(st.just("another process"), st.just(Fraction(0))),
    ),
    max_size=12,
)


@given(changes=CHANGES)
def test_changes_of_the_clock_change_no_bit_of_what_is_read_later(changes: list[tuple[str, Fraction]]) -> None:
    changed, other = bench(), bench()
    for each in (changed, other):
        each.command("C", "start")
        keeper(each).set(DEFAULT, rate=Fraction(0))

    for what, amount in changes:
        change(changed, what, amount)
    keeper(changed).set(DEFAULT, rate=Fraction(0))
    keeper(other).set(DEFAULT, at=at(changed))

    one, two = changed.look(), other.look()
    assert one.at == two.at
    assert plant.moved(one.cell, one.anchor, one.at) == plant.moved(two.cell, two.anchor, two.at)
    assert [event.verb for event in changed.events("Kettle")] == ["start"]


def change(rig: Bench, what: str, amount: Fraction) -> None:
    if what == "rate":
        keeper(rig).set(DEFAULT, rate=amount)
    elif what == "advance":
        keeper(rig).advance(DEFAULT, int(amount * SECOND))
    elif what == "wait":
        rig.wait(float(amount))
    elif what == "look":
        rig.look()
    else:
        rig.rigs = rig.process()


def test_a_change_of_the_clock_touches_no_cell_and_is_no_event_but_is_in_the_journal(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(600)
    before = rig.store.load(DEFAULT, "Kettle")
    assert before is not None

    Timekeeper(rig.rigs, rig.wait).set(DEFAULT, rate=Fraction("2.5"), asked=Asked("PUT", "/__admin/clock"))
    keeper(rig).advance(DEFAULT, 90 * SECOND)

    after = rig.store.load(DEFAULT, "Kettle")
    assert after is not None
    assert after.row == before.row
    assert (after.rig.events, after.rig.last_at) == (before.rig.events, before.rig.last_at)
    assert journal(rig)[1:] == [
        {
            "method": "PUT",
            "url": "/__admin/clock",
            "verb": "clock",
            "arguments": {"rate": 2.5},
            "status": 200,
            "clock": {"time": 600.005, "rate": 2.5},
        },
        {
            "method": "",
            "url": "",
            "verb": "advance",
            "arguments": {"seconds": 90.0},
            "status": 200,
            "clock": {"time": 690.0175, "rate": 2.5},
        },
    ]


def test_whoever_sets_the_clock_of_a_rig_that_is_not_there_makes_it_and_whoever_asks_does_not(rig: Bench) -> None:
    with pytest.raises(NoSuchRig):
        keeper(rig).show("team-a")

    keeper(rig).advance("team-a", HOUR)

    assert keeper(rig).show("team-a").at == HOUR
    assert keeper(rig).show(DEFAULT).at == 0


def test_what_was_evolved_is_not_evolved_again_after_a_change_of_the_clock(rig: Bench) -> None:
    rig.command("C", "start")
    keeper(rig).advance(DEFAULT, HOUR)
    anchor = rig.look().anchor
    keeper(rig).set(DEFAULT, rate=Fraction(0))

    assert rig.look().anchor is anchor


# -- a machine that is busy with other things ----------------------------------------------------------------------


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
