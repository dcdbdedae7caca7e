"""What every store promises, whatever it keeps its rows in."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockbrew.clock import Clock
from mockbrew.stores.base import CellRow, Entry, Event, Loaded, RigRow, Store
from tests.stores.rows import append, command, make_rig, numbers, put_cell, record, rig_row

int64 = st.integers(-(2**63), 2**63 - 1)
count = st.integers(0, 2**63 - 1)
text = st.text(st.characters(exclude_categories=["Cs"]))
clocks = st.builds(Clock, int64, int64, st.fractions(min_value=0) | st.builds(Fraction, st.integers(0, 10**40), st.integers(1, 10**40)))
rigs = st.builds(RigRow, text, count, text, clocks, st.integers(), count, int64, int64, count, count, int64, count, text, count)
cells = st.builds(CellRow, count, count, int64, text)
events = st.builds(Event, count, text, int64, int64, text, text, text, st.none() | text, st.none() | text, st.none() | text)
entries = st.builds(Entry, count, count, int64, int64, text)


# -- rows come back ------------------------------------------------------------------------------------------------

RELAXED = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_a_rig_that_nobody_made_is_none(store: Store) -> None:
    assert store.load("nobody", "HotTank") is None


@given(rig=rigs)
@RELAXED
def test_a_rig_comes_back_exactly_as_it_was_put(store: Store, rig: RigRow) -> None:
    with store.transaction() as transaction:
        transaction.put_rig(rig)

    assert store.load(rig.name, "HotTank") == Loaded(rig, None, None)
    assert rig in store.rigs()


@given(cell=text, row=cells)
@RELAXED
def test_a_cell_comes_back_exactly_as_it_was_put(store: Store, cell: str, row: CellRow) -> None:
    rig = replace(rig_row(), resets=row.resets)
    with store.transaction() as transaction:
        transaction.put_rig(rig)
        transaction.put_cell(rig, cell, row)

    assert store.load("default", cell) == Loaded(rig, row, None)


@given(each=events)
@RELAXED
def test_an_event_comes_back_exactly_as_it_was_appended(store: Store, each: Event) -> None:
    rig = make_rig(store)
    append(store, rig, [each])

    assert list(store.events(rig, each.cell)) == [each]


@given(sort=text, name=text, words=text)
@RELAXED
def test_a_note_comes_back_exactly_as_it_was_put(store: Store, sort: str, name: str, words: str) -> None:
    rig = make_rig(store)
    with store.transaction() as transaction:
        transaction.put_note(rig, sort, name, words)

    assert store.notes(rig, sort) == {name: words}


@given(each=entries)
@RELAXED
def test_an_entry_comes_back_exactly_as_it_was_recorded(store: Store, each: Entry) -> None:
    rig = make_rig(store)
    record(store, rig, [each])

    assert store.journal(rig, each.number - 1, 1) == [each]


def test_a_spec_is_kept_as_it_was_first_put(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.put_spec("digest", "a document")
    with store.transaction() as transaction:
        transaction.put_spec("digest", "another document")

    with store.transaction() as transaction:
        assert (transaction.spec("digest"), transaction.spec("unknown")) == ("a document", None)


def test_what_was_put_last_is_what_is_loaded(store: Store, rig: RigRow) -> None:
    for number in range(1, 6):
        command(store)

        loaded = store.load("default", "HotTank")
        assert loaded is not None
        assert (loaded.rig.events, loaded.row) == (number, CellRow(number, 0, 10 * number, f"body {number}"))


def test_what_nobody_wrote_to_is_the_same_rows_again(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(1, 0, 10, "hot"))
    put_cell(store, rig, CellRow(2, 0, 20, "cold"), "Ebu")
    before = store.load("default", "HotTank")
    command(store, cell="Ebu")
    after = store.load("default", "HotTank")

    assert before is not None
    assert after is not None
    assert after.row is before.row


def test_closing_forgets_nothing(store: Store, rig: RigRow) -> None:
    command(store)
    store.close()

    loaded = store.load("default", "HotTank")
    assert loaded is not None
    assert loaded.row == CellRow(1, 0, 10, "body 1")


# -- cells and resets ----------------------------------------------------------------------------------------------


def test_a_cell_of_an_earlier_reset_is_void(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(3, 0, 30, "before"))
    reset = replace(rig, resets=1)
    with store.transaction() as transaction:
        transaction.put_rig(reset)

    assert store.load("default", "HotTank") == Loaded(reset, None, None)
    with store.transaction() as transaction:
        assert transaction.cell(reset, "HotTank") == CellRow(3, 0, 30, "before")


def test_a_new_run_starts_without_the_cells_and_events_of_the_old_one(store: Store, rig: RigRow) -> None:
    command(store)
    again = make_rig(store)

    assert again.run != rig.run
    assert store.load("default", "HotTank") == Loaded(again, None, None)
    assert numbers(store, again) == []
    assert numbers(store, rig) == [1]


def test_run_numbers_are_never_given_twice(store: Store) -> None:
    runs = [make_rig(store, name).run for name in "abcab"]
    with store.transaction() as transaction:
        runs += [transaction.new_run(), transaction.new_run()]
    runs.append(make_rig(store).run)

    assert len(set(runs)) == len(runs)


def test_all_cells_of_a_run_are_listed_by_name(store: Store, rig: RigRow) -> None:
    rows = {"é": CellRow(1, 0, 10, "x"), "": CellRow(2, 0, 20, "y"), "HotTank": CellRow(3, 7, 30, "z")}
    for cell, row in rows.items():
        put_cell(store, rig, row, cell)
    put_cell(store, make_rig(store, "other"), CellRow(9, 0, 90, "not this one"))

    with store.transaction() as transaction:
        assert list(transaction.cells(rig)) == sorted(rows.items())


def test_dropped_cells_are_at_their_initial_state_and_keep_their_events(store: Store, rig: RigRow) -> None:
    command(store)
    other = make_rig(store, "other")
    put_cell(store, other, CellRow(1, 0, 10, "stays"))
    loaded = store.load("default", "HotTank")
    assert loaded is not None
    assert store.checkpoint(loaded.rig, "HotTank", CellRow(1, 0, 99, "ahead"))
    with store.transaction() as transaction:
        transaction.drop_cells(rig)
        assert list(transaction.cells(rig)) == []

    assert store.load("default", "HotTank") == Loaded(loaded.rig, None, None)
    assert numbers(store, rig) == [1]
    assert store.load("other", "HotTank") == Loaded(other, CellRow(1, 0, 10, "stays"), None)


def test_dropping_cells_voids_the_checkpoints_of_those_without_a_row_too(store: Store, rig: RigRow) -> None:
    store.checkpoint(rig, "HotTank", CellRow(0, 0, 40, "ahead"))
    with store.transaction() as transaction:
        transaction.drop_cells(rig)

    assert store.load("default", "HotTank") == Loaded(rig, None, None)


def test_a_cell_that_is_dropped_and_put_again_with_the_same_revision_is_the_new_one(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(1, 0, 10, "old"))
    assert store.load("default", "HotTank") == Loaded(rig, CellRow(1, 0, 10, "old"), None)
    with store.transaction() as transaction:
        transaction.drop_cells(rig)
        transaction.put_cell(rig, "HotTank", CellRow(1, 0, 10, "new"))

    assert store.load("default", "HotTank") == Loaded(rig, CellRow(1, 0, 10, "new"), None)


def test_a_transaction_that_looks_at_the_rig_after_writing_is_seen_like_any_other(store: Store, rig: RigRow) -> None:
    seen = []
    for body in ("first", "second", "third"):
        with store.transaction() as transaction:
            transaction.put_cell(rig, "HotTank", CellRow(1, 0, 10, body))
            transaction.rig("default")
        seen.append(store.load("default", "HotTank"))

    assert [each.row.body for each in seen if each and each.row] == ["first", "second", "third"]
