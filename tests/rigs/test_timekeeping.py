"""The clock of a rig: its rate is set, it jumps ahead, and it never goes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew import plant
from mockbrew.clock import HORIZON, SECOND, nanoseconds
from mockbrew.errors import NoSuchRig, StoreError, TimeGoesBack
from mockbrew.messages import Asked
from mockbrew.rigs import DEFAULT
from mockbrew.stores.base import Loaded, RigRow, Store, Transaction
from mockbrew.timekeeping import AHEAD, FASTEST, Shown, Timekeeper
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
    assert rig.reading("T", "temperature") > 70  # type: ignore[operator]


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

    assert keeper(rig).show("team-a").at == HOUR + AHEAD
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
    """A store in which so many s go by under the lock: after the wall was first asked, and then before the commit; each list once.

    seen: what readers have seen of the clock, in virtual ns: those of the old one just before each commit, and all just after it.
    """

    store: Store
    wait: Callable[[float], None]
    stalls: list[float] = field(default_factory=list)
    lates: list[float] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    after: Callable[[], object] | None = None  # the first commit
    looks: int = -1  # at the wall in this transaction, of which there is none now

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        before = self._row()
        with self.store.transaction() as transaction:
            self.looks = 0
            yield transaction
            self.looks = -1
            self.wait(self.lates.pop(0) if self.lates else 0)
            self.seen.append(instant(before, self.store.wall()))
        self.seen.append(instant(self._row(), self.store.wall()))
        if self.after is not None:
            after, self.after = self.after, None
            after()

    def wall(self) -> int:
        if self.looks >= 0:
            self.looks += 1
        if self.looks == 2:
            self.wait(self.stalls.pop(0) if self.stalls else 0)
        return self.store.wall()

    def _row(self) -> RigRow:
        loaded = self.store.load(DEFAULT, "")
        assert loaded is not None
        return loaded.rig

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def busy(rig: Bench, *, stalls: list[float] | None = None, lates: list[float] | None = None) -> Busy:
    made = Busy(rig.store, rig.wait, stalls or [], lates or [])
    rig.rigs.store = made
    return made


def test_a_freeze_that_can_t_be_committed_in_time_is_made_for_a_later_instant(rig: Bench) -> None:
    rig.command("A", "turn_on")
    machine = busy(rig, stalls=[0.003, 0.5, 0.001])

    frozen = keeper(rig).set(DEFAULT, rate=Fraction(0))

    assert machine.stalls == []
    assert frozen.at == nanoseconds(0.504) + 4 * AHEAD - nanoseconds(0.001)
    assert machine.seen == sorted(machine.seen)
    assert at(rig) == max(machine.seen) == frozen.at
    assert len(journal(rig)) == 2


def test_a_freeze_that_was_committed_too_late_is_made_again_ahead_of_what_was_seen(rig: Bench) -> None:
    rig.command("A", "turn_on")
    machine = busy(rig, lates=[0.2, 0.3])

    frozen = keeper(rig).set(DEFAULT, rate=Fraction(0))
    rig.wait(10)

    assert machine.lates == []
    assert at(rig) == frozen.at == nanoseconds(0.2) + 2 * AHEAD
    assert max(machine.seen) <= frozen.at
    assert len(journal(rig)) == 2


def test_a_freeze_that_was_late_is_no_more_than_made_sure_of_where_somebody_has_changed_the_clock_since(rig: Bench) -> None:
    rig.command("A", "turn_on")
    other = Timekeeper(rig.process(), rig.wait)
    machine = busy(rig, lates=[0.2])
    machine.after = lambda: other.advance(DEFAULT, HOUR)

    told = keeper(rig).set(DEFAULT, rate=Fraction(0))

    assert told.rate == 0
    assert at(rig) == told.at == AHEAD + HOUR
    assert len(journal(rig)) == 3


def test_what_goes_on_at_least_as_fast_may_be_committed_as_late_as_it_likes(rig: Bench) -> None:
    rig.command("A", "turn_on")
    machine = busy(rig, lates=[3.0])

    told = keeper(rig).set(DEFAULT, rate=Fraction(2))

    assert told.at == AHEAD
    assert machine.seen == sorted(machine.seen)
    assert at(rig) == AHEAD + 2 * (3 * SECOND - AHEAD)


def test_a_machine_that_is_never_in_time_is_told_and_nothing_has_changed(rig: Bench) -> None:
    rig.command("A", "turn_on")
    before = rig.rigs.row(DEFAULT)
    busy(rig, stalls=[1e6] * 100)
    rig.stopwatch.step = 0.1

    with pytest.raises(StoreError, match="rig 'default': the machine is too busy to change its clock at a sure instant; ask again"):
        keeper(rig).set(DEFAULT, rate=Fraction(0))

    assert rig.store.load(DEFAULT, "") == Loaded(before, None, None)


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
