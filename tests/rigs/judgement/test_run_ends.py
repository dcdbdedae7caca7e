"""The end of a run: it is judged up to there, and what lasts is closed."""

from __future__ import annotations

from dataclasses import replace

from mockbrew import hearings
from mockbrew.judgement import settle
from mockbrew.rigs import DEFAULT
from mockbrew.timeline import instant
from tests.rigs.judgement.ruled import found, verdict
from tests.rigs.small import Bench


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
    before = rig.store.notes(rig.rigs.row(DEFAULT), hearings.JUDGED)

    assert not settled(rig)

    assert rig.store.notes(rig.rigs.row(DEFAULT), hearings.JUDGED) == before
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
