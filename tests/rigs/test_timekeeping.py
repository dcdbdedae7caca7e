"""The clock of a rig: its rate is set, it jumps ahead, and it never goes back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew import plant
from mockbrew.clock import HORIZON, SECOND, nanoseconds
from mockbrew.errors import NoSuchRig, TimeGoesBack
from mockbrew.messages import Asked
from mockbrew.rigs import DEFAULT
from mockbrew.testbench.clock import AHEAD, FASTEST, Shown, Timekeeper
from tests.rigs.small import Bench, bench
from tests.rigs.timekeeping import HOUR, at, journal, keeper


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
