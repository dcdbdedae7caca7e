"""What a rig went through before it is taken back to a snapshot is judged."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockbrew import journal
from mockbrew.errors import DamagedCell
from mockbrew.judgement import judge
from mockbrew.messages import Order
from mockbrew.rigs import DEFAULT, Rigs
from mockbrew.stores.base import Event, Transaction
from mockbrew.testbench import snapshots
from mockbrew.testbench.restoring import restore
from tests.rigs.noisy import NOISY, row_of
from tests.rigs.small import Bench, bench, spec_of

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
    restore(ruled.rigs, DEFAULT, "shut")
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
        restore(rig.rigs, DEFAULT, "open")

    assert told == [[("left", 5.0, 17.0), ("open", 5.0, 17.0)]] * 3


def test_what_was_over_at_a_snapshot_is_no_matter_of_the_replay(ruled: Bench) -> None:
    restore(ruled.rigs, DEFAULT, "shut")
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
    restore(rig.rigs, DEFAULT, "shut")

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

    restored = restore(rigs, DEFAULT, "shut")

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

    restore(ruled.rigs, DEFAULT, "shut")

    assert ruled.reading("A", "state") == 0
    assert told(ruled)["unjudged"] is True
    assert "rig 'default': not all that it went through is judged for hazards before its snapshot is taken or restored: " in caplog.text
