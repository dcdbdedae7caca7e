"""Snapshots are listed and deleted, and what cannot be one is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from mockbrew import journal
from mockbrew.errors import BadRequest, BadSnapshot, NoSuchRig, NoSuchSnapshot
from mockbrew.rigs import DEFAULT, Rigs
from mockbrew.testbench import snapshots
from mockbrew.testbench.restoring import restore
from tests.rigs.noisy import NOISY, alter, row_of
from tests.rigs.small import Bench, spec_of


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


@pytest.mark.parametrize("do", [restore, snapshots.delete])
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
        restore(rig.rigs, "absent", "mash")
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

    assert refused(rig, lambda: restore(rig.rigs, DEFAULT, "mash"), BadSnapshot) == (
        "rig 'default', snapshot 'mash': it was taken with another spec than the rig has now; take the spec back, or delete the snapshot;"
        " nothing was changed"
    )
