"""Snapshots: a rig is taken back to them exactly, as often as one likes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mockbrew import journal
from mockbrew import plant as plants
from mockbrew.clock import HORIZON, SECOND
from mockbrew.errors import BadRequest, BadSnapshot, DamagedCell, NoSuchRig, NoSuchSnapshot
from mockbrew.judgement import judge
from mockbrew.messages import Asked, Order
from mockbrew.replaying import past
from mockbrew.rigs import DEFAULT, Rigs
from mockbrew.stores import open_store
from mockbrew.stores.base import Event, RigRow, Transaction
from mockbrew.testbench import snapshots
from mockbrew.testbench.history import history, wanted
from tests.rigs.small import Bench, bench, spec_of

NOISY = """
spec = "1.0"
[rig]
title = "Bouilloire"
[vessels]
Kettle = { capacity = 50, volume = 40, temperature = 55 }
Jug = { capacity = 5, volume = 4, temperature = 90 }
[devices]
A = { kind = "valve" }
H = { kind = "heater", vessel = "Kettle", power = 5500 }
T = { kind = "probe", vessel = "Kettle", noise = 0.3 }
P = { kind = "pump" }
C = { kind = "pid", probe = "T", heaters = ["H"], pumps = ["P"], setpoint = 60 }
J = { kind = "probe", vessel = "Jug" }
"""

Played = list[object]


@pytest.fixture
def noisy(tmp_path: Path) -> Bench:
    return bench(NOISY, tmp_path)


def row_of(rig: Bench) -> RigRow:
    return rig.rigs.row(DEFAULT)


def alter(rig: Bench, change: Callable[[Transaction, RigRow], RigRow]) -> None:
    """Change the rig's row."""
    with rig.store.transaction() as transaction:
        row = transaction.rig(DEFAULT)
        assert row is not None
        transaction.put_rig(change(transaction, row))


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
    snapshots.restore(noisy.rigs, DEFAULT, "mash")
    second = play(noisy)
    noisy.rigs = noisy.process()
    noisy.rigs.reset(DEFAULT, lambda: b"")
    snapshots.restore(noisy.rigs, DEFAULT, "mash")
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

    snapshots.restore(noisy.rigs, DEFAULT, "cooling")

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

    snapshots.restore(rig.rigs, DEFAULT, "slow")

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
        snapshots.restore(rig.rigs, DEFAULT, name)
        rig.wait(20)
        assert (rig.look().at, rig.rigs.read(DEFAULT, "T").still) == (HORIZON, True)

    rig.command("H", "turn_off")
    rig.wait(10)
    assert (rig.look().at, rig.rigs.read(DEFAULT, "T").still) == (HORIZON + 10 * SECOND, False)


def test_what_the_run_before_has_left_is_swept(rig: Bench) -> None:
    rig.command("A", "turn_on")
    before = row_of(rig)
    snapshots.take(rig.rigs, DEFAULT, "here")

    snapshots.restore(rig.rigs, DEFAULT, "here")

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
    snapshots.restore(rig.rigs, DEFAULT, "here", asked)
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
    snapshots.restore(noisy.rigs, DEFAULT, "here")
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


# -- the run before is judged ---------------------------------------------------------------------------------------

RULES = (
    NOISY
    + """
[hazards]
open = { when = "A.on" }
"""
)


@pytest.fixture
def ruled(tmp_path: Path) -> Bench:
    """After 5 s valve A was open for 2 s, then a snapshot was taken and A opened for good."""
    made = bench(RULES, tmp_path)
    made.look()
    made.wait(5)
    made.command("A", "turn_on")
    made.wait(2)
    made.command("A", "turn_off")
    snapshots.take(made.rigs, DEFAULT, "shut")
    made.command("A", "turn_on")
    made.wait(3)
    return made


def hazards(rig: Bench) -> list[tuple[int, float, float | None]]:
    """Run, begin and end."""
    verdict = judge(rig.rigs.plant, rig.store, row_of(rig), rig.rigs.patience())
    return [(each["run"], each["begins"], each["ends"]) for each in verdict.hazards]


def told(rig: Bench, number: int = -1) -> dict[str, Any]:
    row = row_of(rig)
    return journal.shown(row, list(journal.entries(rig.store, row))[number])


def test_what_happened_before_a_restore_is_not_forgotten(ruled: Bench) -> None:
    snapshots.restore(ruled.rigs, DEFAULT, "shut")
    ruled.wait(1)
    ruled.command("A", "turn_on")
    ruled.wait(1)
    ruled.command("A", "turn_off")

    assert hazards(ruled) == [(1, 5.0, 7.0), (1, 7.0, 10.0), (2, 8.0, 9.0)]
    assert "unjudged" not in told(ruled, 4)


SLOW = RULES + 'left = { when = "A.on", hold_off = 10 }\n'


@pytest.mark.parametrize("looks", [False, True])
def test_what_lasted_at_a_snapshot_is_found_in_each_replay_as_it_was_the_first_time(tmp_path: Path, *, looks: bool) -> None:
    rig = bench(SLOW, tmp_path)
    rig.look()
    rig.wait(5)
    rig.command("A", "turn_on")
    rig.wait(7)
    snapshots.take(rig.rigs, DEFAULT, "open")
    told = []
    for _ in range(3):
        rig.wait(5)
        if looks:
            hazards(rig)
        rig.command("A", "turn_off")
        rig.wait(5)
        verdict = rig.rigs.judged(DEFAULT, rig.rigs.patience())
        told.append([(each["rule"], each["begins"], each["ends"]) for each in verdict.hazards if each["run"] == row_of(rig).run])
        snapshots.restore(rig.rigs, DEFAULT, "open")

    assert told == [[("left", 5.0, 17.0), ("open", 5.0, 17.0)]] * 3


def test_what_was_over_at_a_snapshot_is_no_matter_of_the_replay(ruled: Bench) -> None:
    snapshots.restore(ruled.rigs, DEFAULT, "shut")
    ruled.wait(10)

    assert {run for run, _, _ in hazards(ruled)} == {1}


def test_what_takes_longer_to_judge_than_one_request_may_is_taken_and_restored_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rig = bench(RULES + 'heated = { when = "H.on" }\n', tmp_path)
    rig.look()
    snapshots.take(rig.rigs, DEFAULT, "shut")
    rig.command("A", "turn_on")
    rig.command("C", "start")
    rig.wait(100_000)
    rig.look()
    rig.stopwatch.step = 0.1

    snapshots.take(rig.rigs, DEFAULT, "late")
    snapshots.restore(rig.rigs, DEFAULT, "shut")

    rig.stopwatch.step = 0.0
    assert ["unjudged" in told(rig, number) for number in (0, -2, -1)] == [False, True, True]
    assert rig.reading("C", "state") == 0
    assert "before its snapshot is taken or restored: still computing" in caplog.text
    assert {run for run, _, _ in hazards(rig)} == {1}


class Busy:
    """A store to which others write before each of our transactions."""

    def __init__(self, rig: Bench) -> None:
        self.store, self.other = rig.store, rig.process()

    def transaction(self) -> AbstractContextManager[Transaction]:
        self.other.command(DEFAULT, Order("P", "turn_on", {}), lambda look: b"")
        self.other.command(DEFAULT, Order("A", "turn_on", {}), lambda look: b"")
        return self.store.transaction()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def test_a_rig_that_is_never_left_alone_is_restored_all_the_same_and_that_is_said(ruled: Bench) -> None:
    rigs = Rigs(spec_of(RULES), Busy(ruled))

    restored = snapshots.restore(rigs, DEFAULT, "shut")

    row = row_of(ruled)
    entries = [journal.shown(row, entry) for entry in journal.entries(ruled.store, row)]
    (entry,) = [entry for entry in entries if entry["verb"] == "restore"]
    assert (entry["run"], entry["unjudged"]) == (restored["run"], True)
    assert hazards(ruled)[:2] == [(1, 5.0, 7.0), (1, 7.0, 10.0)]


def test_a_rig_whose_state_is_damaged_is_restored(ruled: Bench, caplog: pytest.LogCaptureFixture) -> None:
    row = row_of(ruled)
    with ruled.store.transaction() as transaction:
        stored = transaction.cell(row, "A")
        assert stored is not None
        transaction.put_cell(row, "A", replace(stored, body="{"))
        transaction.append(replace(row, events=9), Event(9, "A", row.last_at, 0, "", "patch", "{}", "{", row.spec))
        transaction.put_rig(replace(row, events=9))
    ruled.rigs = ruled.process()
    with pytest.raises(DamagedCell):
        ruled.look("A")

    snapshots.restore(ruled.rigs, DEFAULT, "shut")

    assert ruled.reading("A", "state") == 0
    assert told(ruled)["unjudged"] is True
    assert "rig 'default': not all that it went through is judged for hazards before its snapshot is taken or restored: " in caplog.text


# -- lists and refusals --------------------------------------------------------------------------------------------


def test_snapshots_are_listed_by_name_and_deleted(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.wait(1.5)
    snapshots.take(rig.rigs, DEFAULT, "b")
    alter(rig, lambda transaction, row: replace(row, clock=replace(row.clock, rate=Fraction(1, 2))))
    snapshots.take(rig.rigs, DEFAULT, "a")

    first, second = [snapshot.shown() for snapshot in snapshots.listed(rig.rigs, DEFAULT)]
    snapshots.delete(rig.rigs, DEFAULT, "b")

    assert {**second, "size": 0} == {
        "name": "b",
        "run": 1,
        "time": 1.5,
        "taken": journal.wall_text(rig.store.wall()),
        "rate": 1.0,
        "size": 0,
    }
    assert (first["name"], first["rate"]) == ("a", 0.5)
    assert [snapshot.name for snapshot in snapshots.listed(rig.rigs, DEFAULT)] == ["a"]
    assert list(rig.store.notes(row_of(rig), snapshots.CELLS)) == ["a"]


def test_only_cells_that_something_moved_are_kept(rig: Bench) -> None:
    rig.command("A", "turn_on")
    snapshots.take(rig.rigs, DEFAULT, "valve")

    assert list(json.loads(rig.store.notes(row_of(rig), snapshots.CELLS)["valve"])["cells"]) == ["A"]


def refused(rig: Bench, ask: Callable[[], Any], error: type[Exception]) -> str:
    """The message; nothing may have changed by it."""
    before, notes = row_of(rig), rig.store.notes(row_of(rig), snapshots.HEAD)
    with pytest.raises(error) as raised:
        ask()

    assert row_of(rig) == before
    assert rig.store.notes(row_of(rig), snapshots.HEAD) == notes
    return str(raised.value)


def test_a_name_is_taken_once(rig: Bench) -> None:
    rig.command("A", "turn_on")
    snapshots.take(rig.rigs, DEFAULT, "mash")

    assert refused(rig, lambda: snapshots.take(rig.rigs, DEFAULT, "mash"), BadSnapshot) == (
        "rig 'default', snapshot 'mash': there is one of that name; delete it, or take another name; nothing was changed"
    )


@pytest.mark.parametrize("name", ["", "Mash", "../mash", "a" * 65, "-a", "a\n"])
def test_a_name_is_one_that_a_rig_could_have(rig: Bench, name: str) -> None:
    rig.command("A", "turn_on")

    assert refused(rig, lambda: snapshots.take(rig.rigs, DEFAULT, name), BadRequest) == (
        f"name: {name[:64]!r} can't be a name; one begins with a-z or 0-9, goes on with those, '.', '_' or '-', up to 64 in all"
    )


@pytest.mark.parametrize("do", [snapshots.restore, snapshots.delete])
def test_what_is_not_there_is_neither_restored_nor_deleted(rig: Bench, do: Callable[[Rigs, str, str], Any]) -> None:
    rig.command("A", "turn_on")
    snapshots.take(rig.rigs, DEFAULT, "mash")

    assert refused(rig, lambda: do(rig.rigs, DEFAULT, "mahs"), NoSuchSnapshot) == (
        "rig 'default' has no snapshot 'mahs'; known: mash (did you mean 'mash'?); nothing was changed"
    )


def test_a_rig_that_is_not_there_has_no_snapshots_and_is_not_made(rig: Bench) -> None:
    with pytest.raises(NoSuchRig):
        snapshots.listed(rig.rigs, "absent")
    with pytest.raises(NoSuchRig):
        snapshots.restore(rig.rigs, "absent", "mash")
    with pytest.raises(NoSuchSnapshot):
        snapshots.delete(rig.rigs, "absent", "mash")

    assert rig.store.rigs() == []


def test_there_are_no_more_than_so_many(rig: Bench) -> None:
    for number in range(snapshots.MOST):
        snapshots.take(rig.rigs, DEFAULT, f"s{number}")

    assert refused(rig, lambda: snapshots.take(rig.rigs, DEFAULT, "more"), BadSnapshot) == (
        "rig 'default', snapshot 'more': the rig has 100 snapshots, which is the most it may have; delete one; nothing was changed"
    )


def test_a_snapshot_may_not_be_too_large(rig: Bench) -> None:
    rig.command("A", "turn_on")
    row = row_of(rig)
    with rig.store.transaction() as transaction:
        stored = transaction.cell(row, "A")
        assert stored is not None
        transaction.put_cell(row, "A", replace(stored, body=" " * snapshots.LARGEST))

    message = refused(rig, lambda: snapshots.take(rig.rigs, DEFAULT, "large"), BadSnapshot)
    assert message.startswith("rig 'default', snapshot 'large': it would have 335")
    assert message.endswith("characters; at most 33554432; nothing was changed")


def test_a_snapshot_of_another_spec_is_not_restored(rig: Bench) -> None:
    rig.command("A", "turn_on")
    snapshots.take(rig.rigs, DEFAULT, "mash")
    alter(rig, lambda transaction, row: replace(row, spec=spec_of(NOISY).digest))
    rig.text = NOISY
    rig.rigs = rig.process()

    assert refused(rig, lambda: snapshots.restore(rig.rigs, DEFAULT, "mash"), BadSnapshot) == (
        "rig 'default', snapshot 'mash': it was taken with another spec than the rig has now; take the spec back, or delete the snapshot;"
        " nothing was changed"
    )


# -- together with commands ----------------------------------------------------------------------------------------


def replayed(rigs: Rigs, cell: str) -> plants.Anchor:
    """A cell, computed from the log alone, as of its last event."""
    row = rigs.row(DEFAULT)
    each = past(rigs.store, rigs.plant, row, cell, rigs.patience())
    *_, last = each.stretches(each.earliest, row.last_at)
    return last.anchor


def test_a_restore_among_commands_of_other_processes_is_never_torn(tmp_path: Path) -> None:
    url, spec = f"sqlite:///{tmp_path / 'state.db'}", spec_of(NOISY)
    stores = [open_store(url) for _ in range(4)]
    processes = [Rigs(spec, store) for store in stores]
    for order in (Order("C", "start", {}), Order("A", "turn_on", {})):
        processes[0].command(DEFAULT, order, lambda look: b"")
    snapshots.take(processes[0], DEFAULT, "mash")
    enough = threading.Event()

    def command(rigs: Rigs) -> int:
        done = 0
        while not enough.is_set():
            for device, verb in (("A", "turn_off"), ("H", "turn_on"), ("C", "stop"), ("C", "start"), ("A", "turn_on")):
                rigs.command(DEFAULT, Order(device, verb, {}), lambda look: b"")
                done += 1
        return done

    with ThreadPoolExecutor(3) as pool:
        commanding = [pool.submit(command, rigs) for rigs in processes[1:]]
        restored = [snapshots.restore(processes[0], DEFAULT, "mash") for _ in range(25)]
        enough.set()
        done = sum(each.result(timeout=30) for each in commanding)

    rigs, row = processes[0], processes[0].row(DEFAULT)
    told = [journal.shown(row, entry) for entry in journal.entries(rigs.store, row)]
    ours = [entry for entry in told if entry["run"] == row.run]
    rows = dict(rigs.store.cells(row))
    for store in stores:
        store.close()
    assert len(restored) == 25
    assert [entry["number"] for entry in told] == list(range(1, done + 25 + 3 + 1))
    assert [entry["verb"] for entry in ours].count("restore") == 1
    assert row.events == len(ours)
    for cell, stored_row in rows.items():
        anchor = replayed(rigs, cell)
        assert (anchor.at, plants.encode(anchor)) == (stored_row.at, stored_row.body), cell
