"""Snapshots: a rig is taken back to them exactly, as often as one likes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from mockbrew import journal
from mockbrew.clock import HORIZON, SECOND
from mockbrew.messages import Asked
from mockbrew.rigs import DEFAULT
from mockbrew.stores.base import RigRow, Transaction
from mockbrew.testbench import snapshots
from mockbrew.testbench.history import history, wanted
from mockbrew.testbench.restoring import restore
from tests.rigs.noisy import NOISY, alter, row_of
from tests.rigs.small import Bench, bench

Played = list[object]


@pytest.fixture
def noisy(tmp_path: Path) -> Bench:
    return bench(NOISY, tmp_path)


def play(rig: Bench) -> Played:
    """An afternoon: what is answered, and what is stored in the end."""
    answered: Played = []
    for pause, device, verb, arguments in [
        (7.3, "A", "turn_on", {}),
        (311.0, "C", "set_setpoint", {"setpoint": 71.5}),
        (0.0, "H", "turn_off", {}),
        (450.1, "P", "turn_on", {}),
        (33.0, "C", "stop", {}),
    ]:
        rig.wait(pause)
        rig.command(device, verb, **arguments)
        rig.wait(1.7)
        answered += [rig.look(name).at for name in "AJ"]
        answered += [rig.reading(name, reading) for name, reading in [("T", "temperature"), ("J", "temperature"), ("H", "state")]]
    return [*answered, *stored(rig)]


def stored(rig: Bench) -> list[object]:
    return [(name, row.at, row.body) for name, row in rig.store.cells(row_of(rig))]


def test_a_restored_rig_goes_on_to_identical_bytes_as_often_as_it_is_restored(noisy: Bench) -> None:
    noisy.command("C", "start")
    noisy.wait(97.31)
    taken = snapshots.take(noisy.rigs, DEFAULT, "mash")

    first = play(noisy)
    noisy.wait(100_000)
    restore(noisy.rigs, DEFAULT, "mash")
    second = play(noisy)
    noisy.rigs = noisy.process()
    noisy.rigs.reset(DEFAULT, lambda: b"")
    restore(noisy.rigs, DEFAULT, "mash")
    third = play(noisy)

    assert taken.at == round(97.31 * SECOND)
    assert len(set(map(str, first))) > 15
    assert second == first
    assert third == first


def test_taking_a_snapshot_changes_nothing(noisy: Bench) -> None:
    noisy.command("C", "start")
    noisy.wait(100)
    noisy.look()
    before = noisy.store.load(DEFAULT, "Kettle")
    events = noisy.events("Kettle")

    snapshots.take(noisy.rigs, DEFAULT, "mash")

    after = noisy.store.load(DEFAULT, "Kettle")
    assert before is not None
    assert after is not None
    assert (after.row, after.ahead) == (before.row, before.ahead)
    assert replace(after.rig, entries=1, used=0) == replace(before.rig, used=0)
    assert noisy.events("Kettle") == events


def test_a_cell_that_nothing_has_moved_is_as_old_as_it_was(noisy: Bench) -> None:
    noisy.command("A", "turn_on")
    noisy.wait(1000)
    noisy.rigs.reset(DEFAULT, lambda: b"")
    noisy.wait(333)
    snapshots.take(noisy.rigs, DEFAULT, "cooling")
    shown = [noisy.reading("J", "temperature"), noisy.reading("A", "state")]
    noisy.wait(5000)
    noisy.command("A", "turn_on")
    noisy.rigs.reset(DEFAULT, lambda: b"")

    restore(noisy.rigs, DEFAULT, "cooling")

    assert [noisy.reading("J", "temperature"), noisy.reading("A", "state")] == shown
    assert noisy.look("J").at == 1333 * SECOND


def test_clock_seed_and_faults_go_back_and_a_new_run_begins(rig: Bench) -> None:
    rig.command("A", "turn_on")
    alter(rig, lambda transaction, row: replace(row, clock=replace(row.clock, rate=Fraction(1, 3)), seed=7, faults="some", recording=1))
    with rig.store.transaction() as transaction:
        for sort in (*snapshots.GOES_BACK, "other"):
            transaction.put_note(row_of_(transaction), sort, "one", "then")
    rig.wait(300)
    snapshots.take(rig.rigs, DEFAULT, "slow")
    before = row_of(rig)
    alter(rig, lambda transaction, row: replace(row, clock=replace(row.clock, rate=Fraction(60)), seed=8, faults="", recording=0))
    with rig.store.transaction() as transaction:
        for sort in (*snapshots.GOES_BACK, "other"):
            transaction.put_note(row_of_(transaction), sort, "one", "later")
            transaction.put_note(row_of_(transaction), sort, "two", "later")

    restore(rig.rigs, DEFAULT, "slow")

    after = row_of(rig)
    rig.wait(30)
    assert (after.seed, after.faults, after.clock.rate) == (7, "some", Fraction(1, 3))
    assert (after.born, after.recording, after.entries) == (before.born, 0, before.entries + 1)
    assert after.run > before.run
    assert rig.look("A").at == 110 * SECOND
    assert [rig.store.notes(after, sort) for sort in snapshots.GOES_BACK] == [{"one": "then"}] * len(snapshots.GOES_BACK)
    assert rig.store.notes(after, "other") == {"one": "later", "two": "later"}


def row_of_(transaction: Transaction) -> RigRow:
    row = transaction.rig(DEFAULT)
    assert row is not None
    return row


def test_a_restored_rig_stands_still_when_the_one_that_was_kept_did(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(HORIZON / SECOND - 10)
    snapshots.take(rig.rigs, DEFAULT, "near")
    rig.wait(20)
    snapshots.take(rig.rigs, DEFAULT, "still")

    for name in ("near", "still"):
        restore(rig.rigs, DEFAULT, name)
        rig.wait(20)
        assert (rig.look().at, rig.rigs.read(DEFAULT, "T").still) == (HORIZON, True)

    rig.command("H", "turn_off")
    rig.wait(10)
    assert (rig.look().at, rig.rigs.read(DEFAULT, "T").still) == (HORIZON + 10 * SECOND, False)


def test_what_the_run_before_has_left_is_swept(rig: Bench) -> None:
    rig.command("A", "turn_on")
    before = row_of(rig)
    snapshots.take(rig.rigs, DEFAULT, "here")

    restore(rig.rigs, DEFAULT, "here")

    assert list(rig.store.events(before, "A")) == []
    assert rig.store.cells(before) == []
    assert [event.verb for event in rig.events("A")] == ["restore"]


def test_the_journal_goes_on_and_tells_the_runs_apart(rig: Bench) -> None:
    asked = Asked("POST", "/__admin/snapshots/here/restore")
    rig.command("A", "turn_on")
    rig.wait(60)
    snapshots.take(rig.rigs, DEFAULT, "here")
    rig.wait(60)
    rig.command("A", "turn_off")
    restore(rig.rigs, DEFAULT, "here", asked)
    rig.command("A", "turn_off")

    row = row_of(rig)
    told = [journal.shown(row, entry) for entry in journal.entries(rig.store, row)]
    assert [(entry["number"], entry["run"], entry["time"], entry["verb"]) for entry in told] == [
        (1, 1, 0.0, "turn_on"),
        (2, 1, 60.0, "snapshot"),
        (3, 1, 120.0, "turn_off"),
        (4, 2, 60.0, "restore"),
        (5, 2, 60.0, "turn_off"),
    ]
    assert (told[3]["url"], told[3]["arguments"]) == ("/__admin/snapshots/here/restore", {"name": "here"})


def test_the_past_of_a_restored_rig_is_the_one_that_it_shows(noisy: Bench) -> None:
    noisy.look()
    noisy.wait(30)
    noisy.rigs.reset(DEFAULT, lambda: b"")
    noisy.command("C", "start")
    noisy.wait(50)
    snapshots.take(noisy.rigs, DEFAULT, "here")
    restore(noisy.rigs, DEFAULT, "here")
    seen = {}
    for _ in range(5):
        noisy.wait(40)
        seen[noisy.look().at] = noisy.reading("T", "temperature"), noisy.reading("J", "temperature")
        noisy.command("A", "turn_on")

    noisy.wait(1)
    noisy.rigs.reset(DEFAULT, lambda: b"")
    told = history(noisy.rigs, DEFAULT, wanted(noisy.rigs, ["T", "J"]), 120.0, 280.0, 5)
    assert [event.at for event in noisy.events("Kettle")] == [30 * SECOND]
    assert dict(zip(told.times, zip(*told.columns.values(), strict=True), strict=True)) == seen
