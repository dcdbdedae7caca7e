"""Run-until: the clock of a rig jumps to the first instant at which a condition holds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pytest

from mockbrew.clock import HORIZON, SECOND
from mockbrew.errors import BadCondition, NoSuchRig, NotReached, StillEvolving, StillSeeking
from mockbrew.messages import Asked
from mockbrew.rigs import DEFAULT, Order
from mockbrew.stores.base import Store, Transaction
from mockbrew.testbench.clock import AHEAD, Shown, Timekeeper
from mockbrew.testbench.run_until import Reached, run_until
from tests.rigs.small import Bench, Queue
from tests.rigs.timekeeping import HOUR, at, journal, keeper


@dataclass(slots=True)
class Before:
    """A store before each of whose transactions something else happens."""

    store: Store
    meanwhile: Callable[[], object]

    def transaction(self) -> AbstractContextManager[Transaction]:
        self.meanwhile()
        return self.store.transaction()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def until(rig: Bench, condition: str, limit: int = 2 * HOUR) -> Reached:
    return run_until(keeper(rig), DEFAULT, condition, limit, asked=Asked("POST", "/__admin/clock/run-until"))


def freeze(rig: Bench) -> None:
    keeper(rig).set(DEFAULT, rate=Fraction(0))


def test_a_frozen_clock_jumps_to_the_very_nanosecond(rig: Bench) -> None:
    rig.command("H", "turn_on")
    freeze(rig)
    began = at(rig)

    reached = until(rig, "T >= 45")

    assert at(rig) == reached.at
    assert (reached.began, reached.clock) == (began, Shown(reached.at, Fraction(0), HORIZON, still=False))
    look = rig.look()
    there: Any = look.reading("T", "temperature")
    look.at -= 1
    just_before: Any = look.reading("T", "temperature")
    assert just_before < 45 <= there


def test_a_running_clock_jumps_there_and_goes_on_at_its_rate(rig: Bench) -> None:
    rig.command("H", "turn_on")
    keeper(rig).set(DEFAULT, rate=Fraction(3))

    reached = until(rig, "T >= 45")

    assert at(rig) == reached.at
    rig.wait(10)
    assert at(rig) == reached.at + 30 * SECOND


def test_what_holds_already_is_not_waited_for_and_changes_nothing(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(100)
    before = rig.rigs.row(DEFAULT)

    reached = until(rig, "T < 45")

    assert (reached.at, reached.began) == (100 * SECOND, 100 * SECOND)
    assert rig.rigs.row(DEFAULT) == replace(before, used=rig.store.wall())
    assert len(journal(rig)) == 1


def test_what_a_running_clock_has_passed_while_it_was_sought_is_told_and_the_clock_left_alone(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(1)
    rig.rigs.store = Queue(rig.store, rig.wait, [3600])

    reached = until(rig, "T >= 45")

    assert HOUR // 10 < reached.at < HOUR
    assert at(rig) == HOUR + SECOND
    assert len(journal(rig)) == 1


def test_what_is_not_reached_is_told_with_the_nearest_value_and_the_clock_is_at_the_limit(rig: Bench) -> None:
    rig.command("H", "turn_on")
    freeze(rig)

    with pytest.raises(NotReached) as late:
        until(rig, "T > 45 and A == 0", 200 * SECOND)

    assert at(rig) == AHEAD + 200 * SECOND
    nearest = f"T came as near as {rig.reading('T', 'temperature'):.6g} to 45"
    end = "the clock is there now"
    assert str(late.value) == f"'T > 45 and A == 0' did not come true from 0.005 s to 200.005 s; {nearest}, A came as near as 0 to 0; {end}"
    assert late.value.status == 409
    assert dict(late.value.members)["time"] == 200.005
    assert dict(late.value.members)["waited"] == pytest.approx(200)


def test_nothing_is_waited_for_beyond_the_horizon(rig: Bench) -> None:
    rig.command("A", "turn_on")
    freeze(rig)

    with pytest.raises(NotReached) as late:
        until(rig, "A == 0", 2 * HORIZON)

    assert at(rig) == HORIZON
    assert str(late.value).endswith("the clock is there now, and stands still until something happens to the rig")
    assert late.value.members["stands_still"] is True


def test_a_condition_that_is_none_changes_nothing_and_makes_no_rig(rig: Bench) -> None:
    with pytest.raises(BadCondition):
        run_until(keeper(rig), "team-a", "T => 45", HOUR)

    with pytest.raises(NoSuchRig):
        rig.rigs.row("team-a")


def test_a_rig_that_is_not_there_is_made(rig: Bench) -> None:
    with pytest.raises(NotReached):
        run_until(keeper(rig), "team-a", "A == 1", HOUR)

    assert keeper(rig).show("team-a").at == HOUR


def test_the_jump_is_no_event_and_is_in_the_journal(rig: Bench) -> None:
    rig.command("H", "turn_on")
    freeze(rig)
    before = rig.rigs.row(DEFAULT)

    reached = until(rig, "T >= 45")

    after = rig.rigs.row(DEFAULT)
    assert (after.events, after.last_at) == (before.events, before.last_at)
    assert [event.verb for event in rig.events("Kettle")] == ["turn_on"]
    assert journal(rig)[-1] == {
        "method": "POST",
        "url": "/__admin/clock/run-until",
        "verb": "run-until",
        "arguments": {"condition": "T >= 45", "limit": 7200.0},
        "waited": (reached.at - reached.began) / SECOND,
        "status": 200,
        "clock": {"time": reached.at / SECOND, "rate": 0},
    }


def test_conditions_may_be_on_several_cells(rig: Bench) -> None:
    rig.command("C", "start")
    rig.command("A", "turn_on")
    freeze(rig)

    reached = until(rig, "T >= 59 and A == 1 and not H.on")

    assert (rig.reading("H", "state"), rig.reading("A", "state")) == (0, 1)
    assert at(rig) == reached.at > HOUR // 10


# -- others write meanwhile ----------------------------------------------------------------------------------------


def test_it_is_sought_again_from_the_new_state_where_somebody_has_written_meanwhile(rig: Bench) -> None:
    rig.command("H", "turn_on")
    freeze(rig)
    other = rig.process()
    began = at(rig)

    def switch_off() -> None:
        if rig.store.cells(other.row(DEFAULT))[0][1].revision == 1:
            other.command(DEFAULT, Order("H", "turn_off", {}), lambda look: b"")
            Timekeeper(other, rig.wait).advance(DEFAULT, HOUR)

    rig.rigs.store = Before(rig.store, switch_off)

    with pytest.raises(NotReached) as late:
        until(rig, "T >= 45")

    assert late.value.began == began / SECOND
    assert at(rig) == began + 2 * HOUR
    assert rig.reading("T", "temperature") == pytest.approx(20, abs=0.01)


def test_nobody_seeks_for_ever_where_others_write_all_the_time(rig: Bench) -> None:
    rig.command("H", "turn_on")
    freeze(rig)
    other = Timekeeper(rig.process(), rig.wait)
    rig.rigs.store = Before(rig.store, lambda: other.advance(DEFAULT, SECOND))
    rig.stopwatch.step = 0.1

    with pytest.raises(StillEvolving):
        until(rig, "T >= 45")

    assert at(rig) < 60 * SECOND
    assert all(said["verb"] != "run-until" for said in journal(rig))


# -- long searches -------------------------------------------------------------------------------------------------


def test_what_takes_longer_than_one_request_may_goes_on_with_the_next_and_the_clock_with_it(rig: Bench) -> None:
    rig.command("C", "start")
    freeze(rig)
    rig.stopwatch.step = 0.5
    times, left = [at(rig)], 20 * HOUR

    while left:
        rig.rigs = rig.process()
        left = sought(rig, left)
        times.append(at(rig))

    assert len(times) > 3
    assert times == sorted(times)
    assert at(rig) == pytest.approx(times[0] + 20 * HOUR, abs=10)


def sought(rig: Bench, limit: int) -> int:
    """What is left of the limit (virtual ns) after one more request; nothing at its end."""
    with pytest.raises((StillSeeking, NotReached)) as late:
        until(rig, "T > 70", limit)
    if not isinstance(late.value, StillSeeking):
        return 0

    assert at(rig) == round(late.value.reached * SECOND)
    assert late.value.members == {"time": late.value.reached, "limit": late.value.left}
    assert late.value.headers == (("Retry-After", "1"),)
    return round(late.value.left * SECOND)


def test_the_message_of_a_search_that_goes_on() -> None:
    error = StillSeeking("T > 70", 1200.5, 6000.0)

    assert str(error) == (
        "still looking: 'T > 70' has not come true up to 1200.5 s, where the clock is now; ask again, with a limit of 6000.0 s"
    )


def test_no_checkpoint_is_ahead_of_the_clock_and_what_was_evolved_on_the_way_is_kept(rig: Bench) -> None:
    rig.command("C", "start")
    freeze(rig)

    reached = until(rig, "T >= 59")

    loaded = rig.store.load(DEFAULT, "Kettle")
    assert loaded is not None
    assert loaded.ahead is not None
    assert loaded.rig.last_at < loaded.ahead.at <= reached.at == at(rig)
