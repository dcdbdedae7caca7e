"""Judgement: rules that were broken are found from the log, whoever judges, and however often."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockbrew import judgement
from mockbrew.clock import nanoseconds
from mockbrew.errors import NoSuchRig, StillEvolving
from mockbrew.hazards import docket as dockets
from mockbrew.judgement import Verdict, forget, keep_up, may_trim, settle
from mockbrew.messages import Order
from mockbrew.plant import Look
from mockbrew.replaying import past
from mockbrew.rigs import DEFAULT, STRETCH
from mockbrew.roster import delete
from mockbrew.stores.base import Event, Store, Transaction
from mockbrew.timeline import KEPT, instant
from tests.rigs.small import KETTLE, Bench, bench

RULES = """
[hazards]
open = { when = "A.on" }
warm = { when = "Kettle.temperature >= 30", severity = "warning", title = "warm water" }
slow = { when = "Kettle.temperature >= 30", hold_off = 100 }
both = { when = "A.on and H.on" }
"""
TEXT = KETTLE + RULES


@pytest.fixture(params=["memory", "file"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = bench(TEXT, tmp_path if request.param == "file" else None)
    made.look()
    yield made
    made.store.close()


def verdict(rig: Bench) -> Verdict:
    return rig.rigs.judged(DEFAULT, rig.rigs.patience())


def found(rig: Bench, rule: str | None = None) -> list[tuple[Any, ...]]:
    """Rule, begin and end of each, s."""
    return [(each["rule"], each["begins"], each["ends"]) for each in verdict(rig).hazards if rule in (None, each["rule"])]


# -- what is found -------------------------------------------------------------------------------------------------


def test_a_hazard_shorter_than_any_polling_interval_is_found_with_its_exact_begin_and_end(rig: Bench) -> None:
    rig.wait(12.345678901)
    rig.command("A", "turn_on")
    rig.wait(0.000123456)
    rig.command("A", "turn_off")
    rig.wait(1000)

    assert found(rig) == [("open", 12.345678901, 12.345802357)]


def test_what_is_opened_and_shut_at_one_instant_is_found_too(rig: Bench) -> None:
    rig.wait(10)
    rig.command("A", "turn_on")
    rig.command("A", "turn_off")

    assert found(rig) == [("open", 10.0, 10.0)]
    rig.wait(10)
    assert found(rig) == [("open", 10.0, 10.0)]


def test_what_lasts_has_no_end_yet_and_is_told_at_the_very_instant_at_which_it_begins(rig: Bench) -> None:
    rig.wait(10)
    rig.command("A", "turn_on")

    assert found(rig) == [("open", 10.0, None)]
    assert found(rig) == [("open", 10.0, None)]
    rig.wait(5)
    assert found(rig) == [("open", 10.0, None)]
    rig.command("A", "turn_off")
    assert found(rig) == [("open", 10.0, 15.0)]


def test_what_begins_by_itself_is_found_to_the_nanosecond_though_nobody_looked(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(2000)
    rig.command("H", "turn_off")
    rig.wait(50_000)

    (begins, ends) = next((begins, ends) for _, begins, ends in found(rig, "warm"))

    assert 0 < begins < 2000 < ends < 52_000
    for at, warm in ((begins, True), (begins - 1e-9, False), (ends - 1e-9, True), (ends, False)):
        assert (temperature(rig, at) >= 30) == warm


def temperature(rig: Bench, at: float) -> float:
    """Of the kettle, at some instant of the past (virtual s)."""
    each = past(rig.store, rig.rigs.plant, rig.rigs.row(DEFAULT), "Kettle", rig.rigs.patience())
    stretch = each.opening(nanoseconds(at), nanoseconds(at))
    shown: Any = Look(stretch.cell, stretch.anchor, nanoseconds(at), "").reading("Kettle", "temperature")
    return float(shown)


def test_what_does_not_last_as_long_as_its_rule_asks_for_does_not_count(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(2000)
    (begins, _) = next((begins, ends) for _, begins, ends in found(rig, "warm"))
    rig.rigs.reset(DEFAULT, lambda: b"")
    assert found(rig, "slow") == [("slow", begins, 2000.0)]

    rig.command("H", "turn_on")
    rig.wait(begins + 99)
    assert len(found(rig, "slow")) == 1
    rig.wait(1)
    assert found(rig, "slow")[1:] == [("slow", 2000 + begins, None)]


def test_a_rule_on_two_cells_looks_at_both(rig: Bench) -> None:
    rig.wait(1)
    rig.command("A", "turn_on")
    rig.wait(1)
    rig.command("H", "turn_on")
    rig.wait(1)
    rig.command("A", "turn_off")
    rig.command("A", "turn_on")
    rig.wait(1)
    rig.command("H", "turn_off")
    rig.wait(1)

    assert found(rig, "both") == [("both", 2.0, 3.0), ("both", 3.0, 4.0)]


def test_each_hazard_says_after_which_command_it_began(rig: Bench) -> None:
    rig.wait(1)
    rig.command("H", "turn_on")
    rig.wait(2)
    rig.command("A", "turn_on")
    rig.wait(1000)

    told = {each["rule"]: each for each in verdict(rig).hazards}

    assert told["warm"] == {
        "rule": "warm",
        "title": "warm water",
        "severity": "warning",
        "when": "Kettle.temperature >= 30",
        "run": 1,
        "begins": told["warm"]["begins"],
        "ends": None,
        "after": {"event": 1, "device": "H", "verb": "turn_on", "arguments": {}, "time": 1.0},
    }
    assert told["open"]["after"] == told["both"]["after"] == {"event": 2, "device": "A", "verb": "turn_on", "arguments": {}, "time": 3.0}
    assert told["open"]["severity"] == "danger"


def test_a_hazard_of_the_initial_state_is_after_nothing() -> None:
    rig = bench(KETTLE + '[hazards]\nfull = { when = "Kettle.volume > 39" }')
    rig.look()
    rig.wait(5)

    (told,) = verdict(rig).hazards

    assert (told["begins"], told["ends"], told["after"]) == (0.0, None, None)


def test_a_reset_ends_what_it_puts_right(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.wait(5)
    rig.rigs.reset(DEFAULT, lambda: b"")
    rig.wait(5)

    assert found(rig) == [("open", 0.0, 5.0)]


def test_a_rig_without_rules_has_no_hazards() -> None:
    rig = bench()
    rig.command("A", "turn_on")

    assert verdict(rig).hazards == []
    assert rig.store.notes(rig.rigs.row(DEFAULT), judgement.JUDGED) == {}


# -- whoever judges ------------------------------------------------------------------------------------------------

doings = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.001, 3.0, 400.0]),
        st.sampled_from([("A", "turn_on"), ("A", "turn_off"), ("H", "turn_on"), ("H", "turn_off"), ("C", "start"), ("C", "stop"), None]),
        st.booleans(),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(doings=doings)
def test_who_judges_now_and_then_finds_what_who_judges_once_does(doings: list[tuple[float, tuple[str, str] | None, bool]]) -> None:
    often, once = bench(TEXT), bench(TEXT)
    for wait, doing, judged in doings:
        for each in (often, once):
            each.wait(wait)
            if doing is None:
                each.rigs.reset(DEFAULT, lambda: b"")
            else:
                each.command(*doing)
        if judged:
            verdict(often)
    for each in (often, once):
        each.look()
        each.wait(1)

    assert verdict(often).hazards == verdict(once).hazards


def test_judging_changes_nothing_that_is_read(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(1000)
    before = rig.store.load(DEFAULT, "Kettle"), rig.look().anchor

    verdict(rig)

    assert (rig.store.load(DEFAULT, "Kettle"), rig.look().anchor) == before


def test_what_takes_long_is_judged_in_slices_and_nothing_is_judged_twice(rig: Bench) -> None:
    quick = bench(TEXT)
    for each in (rig, quick):
        each.look()
        each.command("C", "start")
        each.wait(3000)
        each.command("A", "turn_on")
        each.wait(1000)
    rig.stopwatch.step = 0.1
    with pytest.raises(StillEvolving, match="progress is kept, ask again"):
        verdict(rig)
    tries = attempts(rig)

    assert next(tries) is None
    (told,) = [each for each in tries if each is not None]
    assert len(told) > 100  # the controller switches its heater
    assert told == verdict(quick).hazards


def attempts(rig: Bench) -> Iterator[list[dict[str, Any]] | None]:
    """Verdicts, up to one; None for each that takes too long."""
    told = None
    while told is None:
        with suppress(StillEvolving):
            told = verdict(rig).hazards
        yield told


def test_several_who_judge_at_once_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    rig = bench(TEXT, tmp_path)
    for _ in range(200):
        rig.wait(1)
        rig.command("A", "turn_on")
        rig.wait(1)
        rig.command("A", "turn_off")
    told: list[list[tuple[Any, ...]]] = []
    threads = [threading.Thread(target=lambda: told.append(found(rig))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    expected = [("open", 2.0 * number, 2.0 * number + 1) for number in range(200)]
    assert [len(each) for each in told] == [200] * 4
    assert found(rig) == told[0]
    assert verdict(rig).count == 200
    assert [begins for _, begins, _ in told[0]] == [begins for _, begins, _ in expected]
    rig.store.close()


@dataclass(slots=True)
class Overtaken:
    """A store at whose lock somebody else comes first, once."""

    store: Store
    first: Callable[[], object] | None

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        first, self.first = self.first, None
        if first:
            first()
        with self.store.transaction() as transaction:
            yield transaction

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def test_who_is_overtaken_goes_on_from_where_the_other_one_is(rig: Bench) -> None:
    rig.wait(1)
    rig.command("A", "turn_on")
    rig.wait(1)
    rig.command("A", "turn_off")
    store: Any = Overtaken(rig.store, lambda: verdict(rig))
    rig.rigs.store = store

    told = rig.rigs.judged(DEFAULT, rig.rigs.patience())

    assert [(each["rule"], each["begins"], each["ends"]) for each in told.hazards] == [("open", 1.0, 2.0)]
    assert (told.count, verdict(rig).count) == (1, 1)


def begin_a_run(rig: Bench) -> None:
    """As a restore does."""
    with rig.store.transaction() as transaction:
        row = transaction.rig(DEFAULT)
        assert row
        row = replace(row, run=transaction.new_run(), events=1, last_at=0, clock=row.clock.rebased(0, rig.store.wall()))
        transaction.append(row, Event(1, "", 0, 0, "", "restore", '{"reset_at":0}', "", row.spec))
        transaction.put_rig(row)


def test_who_judges_while_another_run_begins_judges_that_one(rig: Bench) -> None:
    rig.wait(1)
    rig.command("A", "turn_on")
    store: Any = Overtaken(rig.store, lambda: begin_a_run(rig))
    rig.rigs.store = store

    told = rig.rigs.judged(DEFAULT, rig.rigs.patience())

    assert (told.at, told.hazards) == (0, [])


def test_who_judges_while_the_rig_is_deleted_is_told_that_there_is_none(rig: Bench) -> None:
    rig.rigs.command("ours", Order("A", "turn_on", {}), lambda look: b"")
    rigs = rig.process()
    store: Any = Overtaken(rig.store, lambda: delete(rig.store, "ours"))
    rigs.store = store

    with pytest.raises(NoSuchRig):
        rigs.judged("ours", rigs.patience())


def test_many_events_at_one_instant_are_judged_in_slices_too(rig: Bench) -> None:
    quick = bench(TEXT)
    for each in (rig, quick):
        for _ in range(20):
            each.command("A", "turn_on")
            each.command("A", "turn_off")
    rig.stopwatch.step = 0.3
    with pytest.raises(StillEvolving):
        verdict(rig)
    seen = dockets.read(next(iter(rig.store.notes(rig.rigs.row(DEFAULT), judgement.JUDGED).values())))

    (told,) = [each for each in attempts(rig) if each is not None]

    assert 0 < seen.events < 40
    assert told == verdict(quick).hazards
    assert len(told) == 20


# -- what is kept --------------------------------------------------------------------------------------------------


def test_the_newest_are_kept_and_all_are_counted(rig: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judgement, "MOST", 5)
    for _ in range(4):
        for _ in range(2):
            rig.wait(1)
            rig.command("A", "turn_on")
            rig.wait(1)
            rig.command("A", "turn_off")
        rig.wait(1)
        verdict(rig)

    assert [begins for _, begins, _ in found(rig)] == [8.0, 11.0, 13.0, 16.0, 18.0]
    assert verdict(rig).count == 8


def test_what_was_found_is_forgotten_when_told_and_what_lasts_is_told_again(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.wait(1)
    rig.command("A", "turn_off")
    rig.wait(1)
    rig.command("A", "turn_on")
    rig.wait(1)
    assert len(found(rig)) == 2

    assert forgotten(rig)

    assert found(rig) == [("open", 2.0, None)]
    assert verdict(rig).count == 1


def forgotten(rig: Bench) -> bool:
    with rig.store.transaction() as transaction:
        row = transaction.rig(DEFAULT)
        assert row
        return forget(transaction, rig.rigs.plant, row, instant(row, rig.store.wall()), rig.rigs.patience())


def test_what_was_over_at_the_very_instant_is_forgotten_and_what_is_so_later_at_this_instant_is_told(rig: Bench) -> None:
    rig.wait(1)
    rig.command("A", "turn_on")
    rig.wait(1)
    rig.command("A", "turn_off")
    rig.command("A", "turn_on")
    rig.command("A", "turn_off")
    assert found(rig) == [("open", 1.0, 2.0), ("open", 2.0, 2.0)]

    assert forgotten(rig)

    assert (found(rig), verdict(rig).count) == ([], 0)
    rig.command("A", "turn_on")
    assert [(each["begins"], each["ends"], each["after"]["event"]) for each in verdict(rig).hazards] == [(2.0, None, 5)]
    rig.command("A", "turn_off")
    assert found(rig) == [("open", 2.0, 2.0)]
    rig.wait(1)
    assert (found(rig), verdict(rig).count) == ([("open", 2.0, 2.0)], 1)


def test_what_begins_at_the_very_instant_and_lasts_is_not_forgotten(rig: Bench) -> None:
    rig.wait(1)
    rig.command("A", "turn_on")
    assert found(rig) == [("open", 1.0, None)]

    assert forgotten(rig)

    assert found(rig) == [("open", 1.0, None)]
    rig.wait(1)
    rig.command("A", "turn_off")
    assert found(rig) == [("open", 1.0, 2.0)]


def test_nothing_is_forgotten_before_it_has_been_judged(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.wait(1)
    rig.command("A", "turn_off")
    rig.wait(1)
    assert len(found(rig)) == 1
    rig.command("A", "turn_on")

    assert not forgotten(rig)

    assert len(found(rig)) == 2


def test_the_log_may_be_trimmed_only_where_it_has_been_judged(rig: Bench) -> None:
    def free() -> bool:
        row = rig.rigs.row(DEFAULT)
        with rig.store.transaction() as transaction:
            return may_trim(transaction, rig.rigs.spec, row)

    def go_on(events: int) -> None:
        with rig.store.transaction() as transaction:
            row = transaction.rig(DEFAULT)
            assert row
            transaction.put_rig(replace(row, events=row.events + events))

    go_on(KEPT - 1)
    assert free()
    go_on(1)
    assert not free()

    verdict(rig)

    assert free()


def test_a_log_that_is_never_judged_is_trimmed_in_the_end_and_the_log_of_the_server_says_so(
    rig: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    with rig.store.transaction() as transaction:
        row = transaction.rig(DEFAULT)
        assert row
        row = replace(row, events=judgement.WAITING)
        transaction.put_rig(row)

        assert may_trim(transaction, rig.rigs.spec, row)
    assert caplog.messages == ["rig 'default': 65536 events wait to be judged for hazards; the oldest go without"]


def unjudged(rig: Bench, commands: int) -> None:
    """So many commands to open what is open, and a log that was trimmed although nobody has judged them."""
    with rig.store.transaction() as transaction:
        row = transaction.rig(DEFAULT)
        cell = transaction.cell(row, "A") if row else None
        assert row
        assert cell
        for number in range(row.events + 1, row.events + commands + 1):
            base = (cell.body, row.spec) if number % STRETCH == 0 else (None, None)
            transaction.append(row, Event(number, "A", nanoseconds(1), rig.store.wall(), "A", "turn_on", "{}", *base))
        row = replace(row, last_at=nanoseconds(1), events=row.events + commands)
        transaction.put_cell(row, "A", replace(cell, at=nanoseconds(1), revision=row.events))
        transaction.put_rig(row)
        transaction.trim(row, "A", KEPT)


def test_what_was_trimmed_before_it_was_judged_is_told_and_judging_goes_on_from_what_is_known(
    rig: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    rig.command("A", "turn_on")
    rig.wait(1)
    assert found(rig) == [("open", 0.0, None)]
    unjudged(rig, KEPT + 2 * STRETCH)
    rig.wait(1)
    rig.command("A", "turn_off")

    assert ("open", 1.0, 2.0) in found(rig)
    assert (
        caplog.messages == ["rig 'default': its log was trimmed before all of it was judged for hazards"] * 2
    )  # alone, and with the kettle


def test_what_was_dangerous_long_before_anybody_asks_is_not_forgotten(rig: Bench) -> None:
    rig.wait(1)
    rig.command("A", "turn_on")
    rig.wait(0.001)
    rig.command("A", "turn_off")
    for _ in range(KEPT + 2 * STRETCH):
        rig.command("A", "turn_off")

    assert len(rig.events("A")) < KEPT + 2 * STRETCH
    assert found(rig) == [("open", 1.0, 1.001)]


def test_commands_see_to_it_that_their_past_is_judged(rig: Bench) -> None:
    for _ in range(judgement.BEHIND // 2):
        rig.wait(1)
        rig.command("A", "turn_on")
        rig.wait(1)
        rig.command("A", "turn_off")
    rig.wait(1)
    row = rig.rigs.row(DEFAULT)

    keep_up(rig.rigs.plant, rig.store, replace(row, events=row.events - 1), rig.rigs.patience())
    assert rig.store.notes(row, judgement.HAZARD) == {}
    keep_up(rig.rigs.plant, rig.store, row, rig.rigs.patience())

    assert rig.store.notes(row, judgement.HAZARD)[""] == str(judgement.BEHIND // 2)


# -- the end of a run ----------------------------------------------------------------------------------------------


def settled(rig: Bench) -> bool:
    """What whoever ends a run does, under the lock."""
    with rig.store.transaction() as transaction:
        row = transaction.rig(DEFAULT)
        assert row
        done = settle(transaction, rig.rigs.plant, row, instant(row, rig.store.wall()), rig.rigs.patience())
        if done:
            transaction.put_rig(replace(row, run=transaction.new_run(), events=0, last_at=0, clock=row.clock.rebased(0, rig.store.wall())))
        return done


def test_whoever_ends_a_run_judges_it_to_its_end_and_closes_what_lasts(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(10)
    rig.command("A", "turn_on")
    rig.wait(1)
    verdict(rig)
    rig.wait(2000)

    assert settled(rig)

    rules = found(rig)
    assert ("open", 10.0, 2011.0) in rules
    assert [rule for rule, _, _ in rules] == ["both", "open", "slow", "warm"]
    assert {ends for _, _, ends in rules} == {2011.0}
    assert {each["run"] for each in verdict(rig).hazards} == {1}


def test_what_began_at_the_very_instant_at_which_a_run_ends_is_told_once_with_no_length(rig: Bench) -> None:
    rig.wait(5)
    rig.command("A", "turn_on")
    assert found(rig) == [("open", 5.0, None)]

    assert settled(rig)

    assert [(each["run"], each["begins"], each["ends"]) for each in verdict(rig).hazards if each["run"] == 1] == [(1, 5.0, 5.0)]


def test_what_was_over_at_the_very_instant_at_which_a_run_ends_is_told_once(rig: Bench) -> None:
    rig.wait(5)
    rig.command("A", "turn_on")
    rig.command("A", "turn_off")
    rig.command("A", "turn_on")
    rig.wait(5)
    rig.command("A", "turn_off")
    verdict(rig)

    assert settled(rig)

    assert found(rig) == [("open", 5.0, 5.0), ("open", 5.0, 10.0)]
    assert verdict(rig).count == 2


def test_what_is_so_for_less_than_its_rule_asks_for_does_not_count_at_the_end_of_a_run_either(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(2000)
    (begins, _) = next((begins, ends) for _, begins, ends in found(rig, "warm"))
    rig.rigs.reset(DEFAULT, lambda: b"")
    rig.command("H", "turn_on")
    rig.wait(begins + 99)
    assert len(found(rig, "slow")) == 1

    assert settled(rig)

    assert len(found(rig, "slow")) == 1
    assert len(found(rig, "warm")) == 2


def test_a_run_does_not_end_with_events_that_were_not_judged(rig: Bench) -> None:
    assert not settled(rig)
    verdict(rig)
    rig.command("A", "turn_on")
    before = rig.store.notes(rig.rigs.row(DEFAULT), judgement.JUDGED)

    assert not settled(rig)

    assert rig.store.notes(rig.rigs.row(DEFAULT), judgement.JUDGED) == before
    verdict(rig)
    assert settled(rig)


def test_what_lasted_when_a_run_ended_without_being_judged_ends_where_it_was_judged_last(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.wait(3)
    verdict(rig)
    rig.wait(3)
    with rig.store.transaction() as transaction:
        row = rig.rigs.roster.current(transaction, DEFAULT, rig.store.wall())
        transaction.put_rig(replace(row, run=transaction.new_run(), events=0, last_at=0, clock=row.clock.rebased(0, rig.store.wall())))

    assert found(rig) == [("open", 0.0, 3.0)]
