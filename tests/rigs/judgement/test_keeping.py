"""What is kept: of what was found, and of the log until it has been judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from mockbrew import hearings, judgement, verdicts
from mockbrew.clock import nanoseconds
from mockbrew.hazards import docket as dockets
from mockbrew.hazards.watch import Group
from mockbrew.judgement import forget, keep_up, may_trim
from mockbrew.rigs import DEFAULT, STRETCH
from mockbrew.stores.base import Event, RigRow
from mockbrew.timeline import KEPT, instant
from tests.rigs.judgement.ruled import found, verdict
from tests.rigs.small import Bench


def test_the_newest_are_kept_and_all_are_counted(rig: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "MOST", 5)
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


@pytest.mark.parametrize("few", [judgement.FEW, 0], ids=["one-by-one", "all-at-once"])
def test_the_log_may_be_trimmed_only_where_it_has_been_judged(rig: Bench, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(judgement, "FEW", few)

    def free() -> bool:
        row = rig.rigs.row(DEFAULT)
        with rig.store.transaction() as transaction:
            return may_trim(transaction, rig.rigs.witness.groups, row)

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


def test_how_far_a_group_is_can_be_told_from_the_beginning_of_what_is_kept_of_it(rig: Bench) -> None:
    for _ in range(3):
        rig.wait(1)
        rig.command("H", "turn_on")
        rig.command("A", "turn_on")
    verdict(rig)
    texts = rig.store.notes(rig.rigs.row(DEFAULT), hearings.JUDGED).values()

    told = [dockets.progress(text) for text in texts]

    assert told == [(read.run, read.events) for read in map(dockets.read, texts)]
    assert {events for _, events in told} == {6}


def test_of_a_rig_with_few_events_nobody_is_asked_how_far_judging_is(rig: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[RigRow] = []

    def behind(notes: Mapping[str, str], waiting: Iterable[Group], row: RigRow) -> int:
        asked.append(row)
        return 0

    monkeypatch.setattr(judgement, "behind", behind)
    row = rig.rigs.row(DEFAULT)

    with rig.store.transaction() as transaction:
        assert may_trim(transaction, rig.rigs.witness.groups, replace(row, events=KEPT - 1))
        assert asked == []
        assert may_trim(transaction, rig.rigs.witness.groups, replace(row, events=KEPT))

    assert len(asked) == 1


def test_a_log_that_is_never_judged_is_trimmed_in_the_end_and_the_log_of_the_server_says_so(
    rig: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    with rig.store.transaction() as transaction:
        row = transaction.rig(DEFAULT)
        assert row
        row = replace(row, events=judgement.WAITING)
        transaction.put_rig(row)

        assert may_trim(transaction, rig.rigs.witness.groups, row)
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
    for _ in range(judgement.OFTEN // 2):
        rig.wait(1)
        rig.command("A", "turn_on")
        rig.wait(1)
        rig.command("A", "turn_off")
    rig.wait(1)
    row = rig.rigs.row(DEFAULT)

    keep_up(rig.rigs.witness, rig.store, replace(row, events=row.events - 1), rig.rigs.patience())
    assert rig.store.notes(row, verdicts.HAZARD) == {}
    keep_up(rig.rigs.witness, rig.store, row, rig.rigs.patience())

    assert rig.store.notes(row, verdicts.HAZARD)[""] == str(judgement.OFTEN // 2)


def test_a_command_whose_time_is_over_leaves_the_other_groups_to_the_next_ones(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.command("A", "turn_on")
    verdict(rig)
    for _ in range(judgement.OFTEN):
        rig.wait(1)
        rig.command("A", "turn_on")
    row, before = rig.rigs.row(DEFAULT), rig.store.notes(rig.rigs.row(DEFAULT), hearings.JUDGED)
    rig.stopwatch.step = 1.0  # each look at it takes longer than a command has

    went = []
    for _ in before:
        keep_up(rig.rigs.witness, rig.store, row, rig.rigs.patience())
        after = rig.store.notes(row, hearings.JUDGED)
        went.append([key for key in after if after[key] != before[key]])
        before = after

    assert went == [["A"], ["Kettle"], ["Kettle,A"]]
