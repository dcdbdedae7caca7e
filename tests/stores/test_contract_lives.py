"""What every store promises of rigs that come and go: they are listed, dropped, and what they leave is swept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

import pytest

from mockbrew.stores.base import CellRow, Loaded, RigRow, Store
from tests.stores.rows import append, entry, event, make_rig, numbers, put_cell, put_notes, record, rig_row


class Broken(Exception):
    """What goes wrong in a transaction of a test."""


def furnished(store: Store, name: str = "default") -> RigRow:
    """A rig with seven rows: two cells, one with a checkpoint, two events, a note and an entry."""
    rig = make_rig(store, name)
    put_cell(store, rig, CellRow(1, 0, 10, "hot"))
    put_cell(store, rig, CellRow(2, 0, 20, "cold"), "Ebu")
    store.checkpoint(rig, "HotTank", CellRow(1, 0, 30, "ahead"))
    append(store, rig, [event(1), event(2, "Ebu")])
    put_notes(store, rig, warm="text")
    record(store, rig, [entry(1)])
    return rig


def left(store: Store, rig: RigRow) -> tuple[int, int, int, int]:
    """How many cells, events, notes and entries the store still has of a run and a life."""
    events = len(numbers(store, rig)) + len(numbers(store, rig, "Ebu"))
    return len(store.cells(rig)), events, len(store.notes(rig, "snapshot")), len(store.journal(rig, 0, 9))


def drop(store: Store, rig: RigRow) -> None:
    with store.transaction() as transaction:
        transaction.drop_rig(rig)


def sweep(store: Store, most: int = 1_000) -> int:
    with store.transaction() as transaction:
        return transaction.sweep(most)


def swept_by(store: Store, most: int) -> list[int]:
    """What each sweep says until one has less to do than it might."""
    said = [sweep(store, most)]
    while said[-1] == most:
        said.append(sweep(store, most))
    return said


ALL = (2, 2, 1, 1)
NOTHING = (0, 0, 0, 0)


# -- all there are -------------------------------------------------------------------------------------------------


def test_rigs_are_listed_by_name(store: Store) -> None:
    made = [make_rig(store, name) for name in ("team-b", "é", "Team", "default")]

    assert [rig.name for rig in store.rigs()] == ["Team", "default", "team-b", "é"]
    assert list(store.rigs()) == sorted(made, key=lambda rig: rig.name)


def test_a_store_without_rigs_lists_none(store: Store) -> None:
    assert list(store.rigs()) == []


def test_a_transaction_lists_the_rigs_that_it_has_made_and_not_those_that_it_has_dropped(store: Store, rig: RigRow) -> None:
    other = make_rig(store, "other")
    with store.transaction() as transaction:
        new = rig_row("new", transaction.new_run())
        transaction.put_rig(new)
        transaction.put_rig(replace(other, used=99))
        transaction.drop_rig(rig)

        assert list(transaction.rigs()) == [new, replace(other, used=99)]


def test_the_cells_of_a_rig_are_those_that_no_reset_has_made_void(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(1, 0, 10, "before"), "Ebu")
    reset = replace(rig, resets=1)
    with store.transaction() as transaction:
        transaction.put_rig(reset)
    put_cell(store, reset, CellRow(1, 1, 20, "é"), "é")
    put_cell(store, reset, CellRow(2, 1, 20, "HotTank"), "HotTank")
    store.checkpoint(reset, "HotTank", CellRow(2, 1, 30, "ahead"))
    store.checkpoint(reset, "Ebu", CellRow(0, 1, 30, "ahead"))

    assert list(store.cells(reset)) == [("HotTank", CellRow(2, 1, 20, "HotTank")), ("é", CellRow(1, 1, 20, "é"))]
    assert list(store.cells(rig)) == [("Ebu", CellRow(1, 0, 10, "before"))]


# -- dropped -------------------------------------------------------------------------------------------------------


def test_a_rig_that_is_dropped_is_found_by_nobody(store: Store) -> None:
    rig, other = furnished(store), furnished(store, "other")
    before = store.load("other", "HotTank")
    with store.transaction() as transaction:
        transaction.drop_rig(rig)
        assert transaction.rig("default") is None

    assert store.load("default", "HotTank") is None
    assert list(store.rigs()) == [other]
    assert store.load("other", "HotTank") == before
    assert not store.checkpoint(rig, "HotTank", CellRow(1, 0, 40, "ahead"))


def test_dropping_a_rig_that_is_not_there_changes_nothing(store: Store) -> None:
    rig = furnished(store)
    drop(store, rig_row("nobody", 77))

    assert list(store.rigs()) == [rig]
    assert left(store, rig) == ALL


def test_a_rig_that_is_dropped_and_made_again_never_meets_its_old_rows(store: Store) -> None:
    old = furnished(store)
    drop(store, old)
    again = make_rig(store)
    assert left(store, again) == NOTHING

    put_cell(store, again, CellRow(1, 0, 10, "new"))
    put_notes(store, again, warm="new")
    sweep(store)
    assert store.load("default", "HotTank") == Loaded(again, CellRow(1, 0, 10, "new"), None)
    assert store.notes(again, "snapshot") == {"warm": "new"}


def test_a_rig_that_is_dropped_and_put_back_keeps_its_rows(store: Store) -> None:
    rig = furnished(store)
    with store.transaction() as transaction:
        transaction.drop_rig(rig)
        transaction.put_rig(rig)
    drop(store, rig)
    with store.transaction() as transaction:
        transaction.put_rig(rig)

    assert left(store, rig) == ALL
    sweep(store)
    assert left(store, rig) == ALL


# -- swept ---------------------------------------------------------------------------------------------------------


def test_a_sweep_with_nothing_to_do_does_nothing(store: Store) -> None:
    rig = furnished(store)

    assert sweep(store) == 0
    assert left(store, rig) == ALL


def test_what_a_dropped_rig_leaves_is_there_until_it_is_swept_and_nothing_else_goes(store: Store) -> None:
    rig, other = furnished(store), furnished(store, "other")
    drop(store, rig)
    assert left(store, rig) == ALL

    sweep(store)
    assert (left(store, rig), left(store, other)) == (NOTHING, ALL)
    assert sweep(store) == 0


def test_what_an_old_run_leaves_is_swept_but_not_what_belongs_to_the_life(store: Store) -> None:
    old = furnished(store)
    with store.transaction() as transaction:
        new = replace(old, run=transaction.new_run())
        transaction.put_rig(new)
        transaction.put_cell(new, "HotTank", CellRow(0, 0, 0, "restored"))
        transaction.append(new, event(1))
    assert (left(store, old), left(store, new)) == (ALL, (1, 1, 1, 1))

    sweep(store)
    assert (left(store, old), left(store, new)) == ((0, 0, 1, 1), (1, 1, 1, 1))


def test_a_life_is_swept_whole_though_a_run_of_it_was_swept_before(store: Store) -> None:
    old = furnished(store)
    with store.transaction() as transaction:
        new = replace(old, run=transaction.new_run())
        transaction.put_rig(new)
    sweep(store)
    drop(store, new)
    sweep(store)

    assert (left(store, old), left(store, new)) == (NOTHING, NOTHING)


def test_the_checkpoints_of_an_old_run_are_swept(store: Store) -> None:
    rig = make_rig(store)
    store.checkpoint(rig, "HotTank", CellRow(0, 0, 30, "ahead"))
    drop(store, rig)
    sweep(store)
    with store.transaction() as transaction:
        transaction.put_rig(rig)

    assert store.load("default", "HotTank") == Loaded(rig, None, None)


@pytest.mark.parametrize("most", [1, 2, 3, 5, 7])
def test_a_sweep_deletes_no_more_than_it_may_and_says_how_many(store: Store, most: int) -> None:
    rig, other, third = furnished(store), furnished(store, "other"), furnished(store, "third")
    drop(store, rig)
    drop(store, other)
    assert sweep(store, most) == most
    gone = sum(ALL) * 2 - sum(left(store, rig)) - sum(left(store, other))
    assert gone <= most

    said = swept_by(store, most)
    assert max(said) <= most
    assert 14 <= most + sum(said) <= 16  # seven rows of each, and perhaps one to remember each by
    assert [left(store, each) for each in (rig, other, third)] == [NOTHING, NOTHING, ALL]


@pytest.mark.parametrize("most", [0, -1])
def test_a_sweep_that_may_delete_nothing_deletes_nothing(store: Store, most: int) -> None:
    rig = furnished(store)
    drop(store, rig)

    assert sweep(store, most) == 0
    assert left(store, rig) == ALL


def test_a_transaction_sweeps_what_it_has_dropped_itself(store: Store) -> None:
    rig = furnished(store)
    with store.transaction() as transaction:
        transaction.drop_rig(rig)
        assert transaction.sweep(1_000) >= 7

    assert left(store, rig) == NOTHING
    assert sweep(store) == 0


def test_a_sweep_that_is_undone_has_swept_nothing(store: Store) -> None:
    rig = furnished(store)
    drop(store, rig)
    with suppress(Broken), store.transaction() as transaction:
        transaction.sweep(3)
        raise Broken

    assert left(store, rig) == ALL
    sweep(store)
    assert left(store, rig) == NOTHING


def test_a_drop_that_is_undone_leaves_nothing_to_sweep(store: Store) -> None:
    rig = furnished(store)
    with suppress(Broken), store.transaction() as transaction:
        transaction.drop_rig(rig)
        raise Broken

    assert (sweep(store), left(store, rig), list(store.rigs())) == (0, ALL, [rig])


LATE: Mapping[str, Callable[[Store, RigRow], object]] = {
    "cell": lambda store, rig: put_cell(store, rig, CellRow(3, 0, 30, "late")),
    "event": lambda store, rig: append(store, rig, [event(3)]),
    "note": lambda store, rig: put_notes(store, rig, late="text"),
    "entry": lambda store, rig: record(store, rig, [entry(3)]),
}


@pytest.mark.parametrize("write", LATE.values(), ids=LATE.keys())
def test_what_a_late_writer_writes_to_a_run_that_is_over_is_swept_too(store: Store, write: Callable[[Store, RigRow], object]) -> None:
    rig = furnished(store)
    drop(store, rig)
    sweep(store)
    write(store, rig)
    assert sum(left(store, rig)) == 1

    sweep(store)
    assert left(store, rig) == NOTHING
    assert sweep(store) == 0


# -- many rigs -----------------------------------------------------------------------------------------------------


def test_rigs_are_counted_as_the_transaction_sees_them(store: Store) -> None:
    for number in range(4):
        make_rig(store, f"rig-{number}")
    with store.transaction() as transaction:
        transaction.drop_rig(rig_row("rig-0"))
        for number in range(3, 9):
            transaction.put_rig(replace(rig_row(f"rig-{number}", 20 + number), used=number))

        assert transaction.count() == 8
        assert [transaction.count(since) for since in (0, 1, 3, 8, 9)] == [8, 6, 6, 1, 0]


def test_the_rigs_that_were_used_longest_ago_come_first(store: Store) -> None:
    with store.transaction() as transaction:
        for name, used in {"c": 3, "b": 2, "d": 3, "a": 5}.items():
            transaction.put_rig(replace(rig_row(name, used), used=used))

        assert [rig.name for rig in transaction.least_used(3)] == ["b", "c", "d"]
        assert [rig.name for rig in transaction.least_used(9)] == ["b", "c", "d", "a"]
