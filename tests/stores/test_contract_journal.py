"""What every store promises of the notes and the journal that it keeps with a life of a rig."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mockbrew.stores.base import CellRow, RigRow, Store
from tests.stores.rows import append, entry, event, make_rig, put_cell, put_notes, record


def recorded(store: Store, rig: RigRow, after: int = 0, most: int = 100) -> list[int]:
    return [each.number for each in store.journal(rig, after, most)]


# -- notes ---------------------------------------------------------------------------------------------------------


def test_notes_are_listed_by_sort_and_in_the_order_of_their_names(store: Store, rig: RigRow) -> None:
    put_notes(store, rig, "snapshot", warm="1", é="2", Cold="3")
    put_notes(store, rig, "hazard", warm="4")

    assert list(store.notes(rig, "snapshot").items()) == [("Cold", "3"), ("warm", "1"), ("é", "2")]
    assert store.notes(rig, "hazard") == {"warm": "4"}
    assert store.notes(rig, "unknown") == {}


def test_a_note_that_is_put_again_is_the_new_one_and_none_forgets_it(store: Store, rig: RigRow) -> None:
    put_notes(store, rig, warm="old", cold="stays")
    put_notes(store, rig, warm="new")
    assert store.notes(rig, "snapshot") == {"warm": "new", "cold": "stays"}

    put_notes(store, rig, warm=None, unknown=None)
    assert store.notes(rig, "snapshot") == {"cold": "stays"}


def test_a_transaction_sees_the_notes_that_it_has_put(store: Store, rig: RigRow) -> None:
    put_notes(store, rig, warm="old", cold="stays", gone="old")
    with store.transaction() as transaction:
        transaction.put_note(rig, "snapshot", "warm", "new")
        transaction.put_note(rig, "snapshot", "gone", None)

        assert list(transaction.notes(rig, "snapshot").items()) == [("cold", "stays"), ("warm", "new")]
        assert [transaction.note(rig, "snapshot", name) for name in ("warm", "cold", "gone")] == ["new", "stays", None]
        assert transaction.note(rig, "hazard", "warm") is None


def test_an_empty_note_is_a_note(store: Store, rig: RigRow) -> None:
    put_notes(store, rig, warm="")

    assert store.notes(rig, "snapshot") == {"warm": ""}
    with store.transaction() as transaction:
        assert transaction.note(rig, "snapshot", "warm") == ""


def test_rigs_do_not_see_each_others_notes_and_entries(store: Store, rig: RigRow) -> None:
    other = make_rig(store, "other")
    put_notes(store, rig, warm="1")
    record(store, rig, [entry(1)])

    assert (store.notes(other, "snapshot"), recorded(store, other)) == ({}, [])


# -- the journal ---------------------------------------------------------------------------------------------------


def test_the_journal_is_read_in_pages_oldest_first(store: Store, rig: RigRow) -> None:
    record(store, rig, [entry(number) for number in (2, 1, 3, 10, 7)])

    assert recorded(store, rig) == [1, 2, 3, 7, 10]
    assert recorded(store, rig, 2, 2) == [3, 7]
    assert recorded(store, rig, 4, 1) == [7]
    assert recorded(store, rig, 10) == []
    assert (recorded(store, rig, 0, 0), recorded(store, rig, 0, -1)) == ([], [])


def test_a_number_that_is_in_the_journal_is_refused_and_nothing_is_replaced(store: Store, rig: RigRow) -> None:
    record(store, rig, [entry(1, "first")])
    with store.transaction() as transaction:
        transaction.record(rig, entry(2))
        with pytest.raises(ValueError, match=r"^entry 1 is in the journal already$"):
            transaction.record(rig, entry(1, "second"))

    assert store.journal(rig, 0, 9) == [entry(1, "first"), entry(2)]


def test_what_the_journal_forgets_is_what_is_older_than_a_number(store: Store, rig: RigRow) -> None:
    other = make_rig(store, "other")
    for each in (rig, other):
        record(store, each, [entry(number) for number in range(1, 6)])
    with store.transaction() as transaction:
        transaction.record(rig, entry(6))
        transaction.forget(rig, 4)
        transaction.record(rig, entry(2, "anew"))

    assert [(each.number, each.body) for each in store.journal(rig, 0, 9)] == [(2, "anew"), (4, "{}"), (5, "{}"), (6, "{}")]
    assert recorded(store, other) == [1, 2, 3, 4, 5]
    with store.transaction() as transaction:
        transaction.forget(rig, 1)
    assert recorded(store, rig) == [2, 4, 5, 6]


# -- lives ---------------------------------------------------------------------------------------------------------


def test_notes_and_journal_stay_with_a_rig_that_opens_a_new_run(store: Store, rig: RigRow) -> None:
    put_notes(store, rig, warm="1")
    record(store, rig, [entry(1)])
    with store.transaction() as transaction:
        restored = replace(rig, run=transaction.new_run())
        transaction.put_rig(restored)
    record(store, restored, [entry(2)])

    assert store.notes(restored, "snapshot") == {"warm": "1"}
    assert recorded(store, restored) == [1, 2]


def test_a_rig_that_is_made_again_begins_without_notes_and_journal(store: Store, rig: RigRow) -> None:
    put_notes(store, rig, warm="1")
    record(store, rig, [entry(1, "old")])
    again = make_rig(store)
    record(store, again, [entry(1, "new")])

    assert store.notes(again, "snapshot") == {}
    assert store.journal(again, 0, 9) == [entry(1, "new")]


def test_a_note_and_an_entry_leave_what_was_loaded_of_a_cell_as_it_is(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(1, 0, 10, "row"))
    append(store, rig, [event(1)])
    before = store.load("default", "HotTank")
    put_notes(store, rig, warm="1")
    record(store, rig, [entry(1)])
    after = store.load("default", "HotTank")

    assert before == after
    assert before is not None
    assert after is not None
    assert after.row is before.row
