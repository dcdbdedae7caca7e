"""What every store promises, whatever it keeps its rows in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockbrew.clock import Clock
from mockbrew.stores import open_store
from mockbrew.stores.base import CellRow, Event, Loaded, RigRow, Store, Transaction
from tests.stores.rows import Machine, append, command, event, make_rig, put_cell, rig_row

int64 = st.integers(-(2**63), 2**63 - 1)
count = st.integers(0, 2**63 - 1)
text = st.text(st.characters(exclude_categories=["Cs"]))
clocks = st.builds(Clock, int64, int64, st.fractions(min_value=0) | st.builds(Fraction, st.integers(0, 10**40), st.integers(1, 10**40)))
rigs = st.builds(RigRow, text, count, text, clocks, st.integers(), count, int64, int64, count)
cells = st.builds(CellRow, count, count, int64, text)
events = st.builds(Event, count, text, int64, int64, text, text, text, st.none() | text, st.none() | text)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path, machine: Machine) -> Iterator[Store]:
    url = "memory://" if request.param == "memory" else f"sqlite:///{tmp_path}/brew.db"
    opened = open_store(url, machine=machine)
    yield opened
    opened.close()


@pytest.fixture
def rig(store: Store) -> RigRow:
    return make_rig(store)


def in_another_thread(function: Callable[[], object]) -> object:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result(timeout=10)


def numbers(store: Store, rig: RigRow, cell: str = "HotTank") -> list[int]:
    return [each.number for each in store.events(rig, cell)]


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


# -- checkpoints ---------------------------------------------------------------------------------------------------


def test_a_checkpoint_is_loaded_beside_its_row(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(3, 0, 30, "row"))

    assert store.checkpoint(rig, "HotTank", CellRow(3, 0, 40, "ahead"))
    assert store.load("default", "HotTank") == Loaded(rig, CellRow(3, 0, 30, "row"), CellRow(3, 0, 40, "ahead"))


def test_a_cell_without_a_row_has_checkpoints_of_revision_0(store: Store, rig: RigRow) -> None:
    assert store.checkpoint(rig, "HotTank", CellRow(0, 0, 40, "ahead"))
    assert store.load("default", "HotTank") == Loaded(rig, None, CellRow(0, 0, 40, "ahead"))


def test_a_cell_with_a_void_row_has_checkpoints_of_the_new_reset(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(3, 0, 30, "void"))
    reset = replace(rig, resets=1)
    with store.transaction() as transaction:
        transaction.put_rig(reset)

    assert store.checkpoint(reset, "HotTank", CellRow(0, 1, 40, "ahead"))
    assert store.load("default", "HotTank") == Loaded(reset, None, CellRow(0, 1, 40, "ahead"))
    with store.transaction() as transaction:
        assert transaction.cell(reset, "HotTank") == CellRow(3, 0, 30, "void")


@pytest.mark.parametrize(
    ("asked", "late"),
    [
        pytest.param({}, CellRow(2, 0, 50, "late"), id="evolved from an older row"),
        pytest.param({}, CellRow(4, 0, 50, "late"), id="evolved from a row that was undone"),
        pytest.param({}, CellRow(0, 0, 50, "late"), id="evolved from no row"),
        pytest.param({}, CellRow(3, 1, 50, "late"), id="of another reset"),
        pytest.param({}, CellRow(3, 0, 39, "late"), id="less far than the one that stands"),
        pytest.param({"run": 99}, CellRow(3, 0, 50, "late"), id="of another run"),
        pytest.param({"spec": "former"}, CellRow(3, 0, 50, "late"), id="of the spec before"),
        pytest.param({"name": "nobody"}, CellRow(3, 0, 50, "late"), id="of a rig that is gone"),
    ],
)
def test_a_checkpoint_that_came_too_late_is_not_kept(store: Store, rig: RigRow, asked: dict[str, str], late: CellRow) -> None:
    put_cell(store, rig, CellRow(3, 0, 30, "row"))
    store.checkpoint(rig, "HotTank", CellRow(3, 0, 40, "ahead"))

    assert not store.checkpoint(replace(rig, **asked), "HotTank", late)  # type: ignore[arg-type]
    assert store.load("default", "HotTank") == Loaded(rig, CellRow(3, 0, 30, "row"), CellRow(3, 0, 40, "ahead"))
    assert store.load("nobody", "HotTank") is None


def test_a_later_checkpoint_takes_the_place_of_the_one_that_stands(store: Store, rig: RigRow) -> None:
    assert store.checkpoint(rig, "HotTank", CellRow(0, 0, 40, "ahead"))
    assert store.checkpoint(rig, "HotTank", CellRow(0, 0, 50, "further"))
    assert store.load("default", "HotTank") == Loaded(rig, None, CellRow(0, 0, 50, "further"))


def test_putting_a_cell_voids_its_checkpoint_and_no_other(store: Store, rig: RigRow) -> None:
    for cell in ("HotTank", "Ebu"):
        store.checkpoint(rig, cell, CellRow(0, 0, 40, "ahead"))
    put_cell(store, rig, CellRow(0, 0, 30, "same revision"))

    assert store.load("default", "HotTank") == Loaded(rig, CellRow(0, 0, 30, "same revision"), None)
    assert store.load("default", "Ebu") == Loaded(rig, None, CellRow(0, 0, 40, "ahead"))


def test_a_reset_voids_the_checkpoints_of_cells_without_a_row(store: Store, rig: RigRow) -> None:
    store.checkpoint(rig, "HotTank", CellRow(0, 0, 40, "ahead"))
    reset = replace(rig, resets=1)
    with store.transaction() as transaction:
        transaction.put_rig(reset)

    assert store.load("default", "HotTank") == Loaded(reset, None, None)


# -- the log -------------------------------------------------------------------------------------------------------


def test_events_come_oldest_first_and_by_cell(store: Store, rig: RigRow) -> None:
    append(store, rig, [event(2, "HotTank"), event(1, "HotTank"), event(3, "Ebu"), event(4, ""), event(10, "HotTank")])

    assert numbers(store, rig, "HotTank") == [1, 2, 10]
    assert numbers(store, rig, "Ebu") == [3]
    assert numbers(store, rig, "") == [4]
    assert numbers(store, replace(rig, name="other")) == []


def test_a_number_that_is_in_the_log_is_refused_and_nothing_is_replaced(store: Store, rig: RigRow) -> None:
    append(store, rig, [event(1, base="first")])
    with store.transaction() as transaction:
        transaction.append(rig, event(2))
        with pytest.raises(ValueError, match=r"^event 1 of cell 'HotTank' is in the log already$"):
            transaction.append(rig, event(1, base="second"))

    assert list(store.events(rig, "HotTank")) == [event(1, base="first"), event(2)]


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        (0, [7, 8]),
        (1, [7, 8]),
        (2, [7, 8]),
        (3, [4, 5, 6, 7, 8]),
        (5, [4, 5, 6, 7, 8]),
        (6, [2, 3, 4, 5, 6, 7, 8]),
        (7, [2, 3, 4, 5, 6, 7, 8]),
        (8, [1, 2, 3, 4, 5, 6, 7, 8]),
        (9, [1, 2, 3, 4, 5, 6, 7, 8]),
    ],
)
def test_a_log_is_trimmed_by_whole_stretches(store: Store, rig: RigRow, keep: int, left: list[int]) -> None:
    bases = {2, 4, 7}
    log = [event(n, base="" if n in bases else None) for n in range(1, 9)]  # an empty base is a base
    append(store, rig, [*log, event(9, "Ebu"), event(10, "")])
    with store.transaction() as transaction:
        transaction.trim(rig, "HotTank", keep)

    assert list(store.events(rig, "HotTank")) == [each for each in log if each.number in left]
    assert numbers(store, rig, "Ebu") + numbers(store, rig, "") == [9, 10]


def test_a_log_without_a_base_is_never_trimmed(store: Store, rig: RigRow) -> None:
    append(store, rig, [event(n) for n in range(1, 9)])
    with store.transaction() as transaction:
        transaction.trim(rig, "HotTank", 1)

    assert numbers(store, rig) == list(range(1, 9))


def test_a_transaction_trims_what_it_appended_itself(store: Store, rig: RigRow) -> None:
    append(store, rig, [event(1, base="one"), event(2)])
    with store.transaction() as transaction:
        transaction.append(rig, event(3, base="three"))
        transaction.trim(rig, "HotTank", 1)

    assert numbers(store, rig) == [3]


def test_a_log_that_is_being_read_has_no_gap_when_it_is_trimmed(store: Store, rig: RigRow) -> None:
    append(store, rig, [event(n, base="base") for n in range(1, 2_001)])
    reading = store.events(rig, "HotTank")
    first = next(reading)
    with store.transaction() as transaction:
        transaction.trim(rig, "HotTank", 1)

    assert [first.number, *(each.number for each in reading)] == list(range(1, 2_001))


# -- transactions --------------------------------------------------------------------------------------------------


class Broken(Exception):
    """What goes wrong in a transaction of a test."""


def everything(transaction: Transaction, rig: RigRow) -> None:
    transaction.put_spec("new", "document")
    transaction.put_rig(replace(rig, events=9, resets=1))
    transaction.put_rig(rig_row("new", transaction.new_run()))
    transaction.put_cell(rig, "HotTank", CellRow(9, 1, 90, "new"))
    transaction.append(rig, event(9, base="new"))
    transaction.trim(rig, "HotTank", 1)
    transaction.drop_cells(rig)
    transaction.put_cell(rig, "Ebu", CellRow(9, 1, 90, "new"))


def test_a_transaction_that_raises_has_changed_nothing(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(1, 0, 10, "row"))
    append(store, rig, [event(1, base="base")])
    store.checkpoint(rig, "HotTank", CellRow(1, 0, 20, "ahead"))
    before = store.load("default", "HotTank")
    with suppress(Broken), store.transaction() as transaction:
        everything(transaction, rig)
        raise Broken

    assert store.load("default", "HotTank") == before == Loaded(rig, CellRow(1, 0, 10, "row"), CellRow(1, 0, 20, "ahead"))
    assert (store.load("default", "Ebu"), store.load("new", "HotTank")) == (Loaded(rig, None, None), None)
    assert numbers(store, rig) == [1]
    with store.transaction() as transaction:
        assert transaction.spec("new") is None
        assert transaction.cell(rig, "HotTank") == CellRow(1, 0, 10, "row")


def test_a_transaction_sees_its_own_changes(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(1, 0, 10, "row"))
    with store.transaction() as transaction:
        everything(transaction, rig)

        assert transaction.rig("default") == replace(rig, events=9, resets=1)
        assert transaction.cell(rig, "HotTank") is None
        assert list(transaction.cells(rig)) == [("Ebu", CellRow(9, 1, 90, "new"))]
        assert transaction.spec("new") == "document"


def test_nobody_sees_a_transaction_before_its_end_nor_waits_for_it(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(1, 0, 10, "row"))
    append(store, rig, [event(1)])
    before = Loaded(rig, CellRow(1, 0, 10, "row"), None)
    with store.transaction() as transaction:
        everything(transaction, rig)

        assert in_another_thread(lambda: store.load("default", "HotTank")) == before
        assert in_another_thread(lambda: numbers(store, rig)) == [1]

    assert store.load("default", "HotTank") == in_another_thread(lambda: store.load("default", "HotTank")) != before


def test_a_writer_waits_for_the_one_before_and_builds_on_what_it_did(store: Store, rig: RigRow) -> None:
    answered = []
    second = threading.Thread(target=lambda: answered.append(command(store)))
    with store.transaction() as transaction:
        second.start()
        second.join(0.2)
        assert second.is_alive()
        transaction.put_rig(replace(rig, events=41))
    second.join(10)

    assert answered == [42]


def test_transactions_of_many_threads_never_overlap(store: Store, rig: RigRow) -> None:
    together = threading.Barrier(4)

    def commands() -> list[int]:
        together.wait()
        return [command(store) for _ in range(25)]

    with ThreadPoolExecutor(4) as pool:
        answered = [number for each in [pool.submit(commands) for _ in range(4)] for number in each.result()]

    assert sorted(answered) == numbers(store, rig) == list(range(1, 101))


def test_readers_see_rows_of_one_transaction_only(store: Store, rig: RigRow) -> None:
    seen: list[Loaded | None] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.append(store.load("default", "HotTank"))

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(look) for _ in range(2)]
        for _ in range(50):
            command(store)
        done.set()
        for reader in readers:
            reader.result()

    looks = [(each.rig.events, each.row.revision if each.row else 0) for each in seen if each is not None]
    assert len(looks) == len(seen) > 0
    assert all(events == revision for events, revision in looks)


@pytest.mark.parametrize("way", ["load", "events", "checkpoint", "transaction", "close"])
def test_inside_a_transaction_the_store_itself_is_refused(store: Store, rig: RigRow, way: str) -> None:
    def again() -> None:
        with store.transaction():
            pass

    ways: dict[str, Callable[[], object]] = {
        "load": lambda: store.load("default", "HotTank"),
        "events": lambda: store.events(rig, "HotTank"),
        "checkpoint": lambda: store.checkpoint(rig, "HotTank", CellRow(0, 0, 40, "ahead")),
        "transaction": again,
        "close": store.close,
    }
    with store.transaction() as transaction:
        transaction.append(rig, event(1))
        with pytest.raises(RuntimeError, match=r"^inside a transaction only the transaction itself and the wall may be asked$"):
            ways[way]()

    assert store.load("default", "HotTank") == Loaded(rig, None, None)
    assert numbers(store, rig) == [1]


def test_a_transaction_that_is_over_is_refused_and_changes_nothing(store: Store, rig: RigRow) -> None:
    with store.transaction() as kept:
        pass
    with suppress(Broken), store.transaction() as undone:
        raise Broken

    for transaction in (kept, undone):
        with pytest.raises(RuntimeError, match=r"^the transaction is over$"):
            transaction.put_rig(replace(rig, events=9))
        with pytest.raises(RuntimeError, match=r"^the transaction is over$"):
            transaction.append(rig, event(1))
        with pytest.raises(RuntimeError, match=r"^the transaction is over$"):
            transaction.rig("default")
    assert store.load("default", "HotTank") == Loaded(rig, None, None)
    assert numbers(store, rig) == []


# -- the wall ------------------------------------------------------------------------------------------------------


def test_the_wall_starts_at_real_time_and_goes_on_with_the_monotonic_clock(store: Store, machine: Machine) -> None:
    start = store.wall()
    machine.since_boot += 1_500
    machine.since_1970 -= 10**15  # somebody set the clock back by eleven days

    assert start == 1_800_000_000_000_000_000
    assert store.wall() == in_another_thread(store.wall) == start + 1_500


def test_a_transaction_may_ask_for_the_wall(store: Store, machine: Machine) -> None:
    with store.transaction():
        assert store.wall() == machine.since_1970
