"""What a look costs where nobody wrote, and that it is never older than what was committed, whoever was killed wherever."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from mockbrew.errors import StoreFileError
from mockbrew.stores import open_store, sqlite_reader
from mockbrew.stores.base import CellRow, RigRow, Store
from mockbrew.stores.flock import LockFile
from mockbrew.stores.sqlite_counters import SIZE, SLOTS, Counters, slot
from mockbrew.stores.sqlite_reader import TRUSTED, Reader
from mockbrew.stores.sqlite_writer import Writer
from tests.stores.disks import no_room, read_only, small_disk
from tests.stores.files import opened
from tests.stores.rows import Machine, command, make_rig
from tests.stores.sqlite.talk import Start, heard, rest, revision


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def store(path: Path, machine: Machine) -> Iterator[Store]:
    """On a machine whose time the test sets."""
    opened = open_store(f"sqlite:///{path}", machine=machine)
    yield opened
    opened.close()


def reader(store: Store) -> Reader:
    found: Reader = store._handles._own.handle.reader  # type: ignore[attr-defined]  # not of the Store protocol
    return found


@contextmanager
def asked(store: Store) -> Iterator[list[str]]:
    """What SQLite is asked by this thread."""
    said: list[str] = []
    connection = store._handles._own.handle.opened.connection  # type: ignore[attr-defined]  # not of the Store protocol
    connection.set_trace_callback(said.append)
    yield said
    connection.set_trace_callback(None)


def lock_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-lock")


# -- what it costs -------------------------------------------------------------------------------------------------


def test_a_look_at_what_nobody_wrote_asks_nothing_and_is_the_same_object(store: Store, rig: RigRow) -> None:
    command(store)
    before = store.load("default", "HotTank")
    with asked(store) as said:
        after = [store.load("default", "HotTank") for _ in range(9)]

    assert said == []
    assert all(each is before for each in after)


def test_what_one_rig_writes_costs_the_readers_of_another_nothing(store: Store, rig: RigRow, path: Path, machine: Machine) -> None:
    make_rig(store, "other")
    before = store.load("default", "HotTank")
    with opened(path, machine) as second:
        command(second, "other")
    with asked(store) as said:
        after = store.load("default", "HotTank")

    assert slot("other") != slot("default")
    assert said == []
    assert after is before


def test_what_a_thread_wrote_itself_it_knows_without_a_look(store: Store, rig: RigRow) -> None:
    number = command(store)
    with asked(store) as said:
        loaded = store.load("default", "HotTank")

    assert said == []
    assert loaded is not None
    assert loaded.row == CellRow(number, 0, 10, f"body {number}")
    assert loaded.rig.events == number


def test_a_writer_reads_nothing_again_that_it_knows(store: Store, rig: RigRow) -> None:
    command(store)
    with asked(store) as said:
        command(store)

    assert [each.split()[0] for each in said] == ["BEGIN", "PRAGMA", "INSERT", "INSERT", "UPDATE", "COMMIT"]


# -- that it is so -------------------------------------------------------------------------------------------------


def test_what_anybody_commits_is_seen_at_once(store: Store, rig: RigRow, path: Path, machine: Machine) -> None:
    seen = []
    with opened(path, machine) as second:
        for writer in (store, second, second, store, second):
            command(writer)
            seen.append([revision(store), revision(second)])
        second.checkpoint(rig, "HotTank", CellRow(5, 0, 60, "ahead"))
        loaded = store.load("default", "HotTank")

    assert seen == [[number, number] for number in range(1, 6)]
    assert loaded is not None
    assert loaded.ahead == CellRow(5, 0, 60, "ahead")


def test_what_was_undone_is_not_known(store: Store, rig: RigRow) -> None:
    command(store)
    before = store.load("default", "HotTank")
    with suppress(KeyError), store.transaction() as transaction:
        transaction.put_cell(rig, "HotTank", CellRow(9, 0, 90, "undone"))
        raise KeyError

    assert store.load("default", "HotTank") is before


def test_nothing_is_taken_for_known_when_a_commit_has_failed(store: Store, rig: RigRow, monkeypatch: pytest.MonkeyPatch) -> None:
    command(store)

    def fail(self: object) -> None:
        raise StoreFileError(Path("brew.db"), "fails", "try again")

    with monkeypatch.context() as patched, suppress(StoreFileError):
        patched.setattr(Writer, "commit", fail)
        command(store)
    with asked(store) as said:
        assert revision(store) == 1

    assert len(said) == 2
    with asked(store) as said:
        assert revision(store) == 1
    assert said == []
    assert command(store) == 2


def test_what_was_committed_is_known_to_a_thread_that_was_interrupted_right_after_it(
    store: Store, rig: RigRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.load("other", "HotTank") is None
    arrive = Counters.arrive

    def interrupted(self: Counters, places: set[int]) -> None:
        arrive(self, places)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Counters, "arrive", interrupted)
        for write in (command, partial(make_rig, name="other")):
            with suppress(KeyboardInterrupt):
                write(store)

    assert revision(store) == 1
    assert store.load("other", "HotTank") is not None


def test_a_rig_that_was_missing_is_found_once_it_is_made_however_much_was_forgotten(
    store: Store, rig: RigRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_reader, "REMEMBERED", 2)
    assert store.load("other", "") is None
    for name in ("other", "more"):
        make_rig(store, name)

    assert store.load("other", "") is not None


def test_a_child_that_is_forked_inside_a_transaction_moves_no_counter(start: Start, store: Store, rig: RigRow) -> None:
    numbers, place = reader(store).counters.numbers, slot("default")  # type: ignore[union-attr]  # there is room for them
    before = numbers[place]
    assert rest(start("leave_in_forked_child")) == ["the transaction is over", "committed"]

    assert numbers[place] == before + 2  # of the parent's commit
    assert revision(store) == 1


@pytest.mark.parametrize("committed", [False, True])
def test_a_writer_that_was_killed_at_its_commit_leaves_a_counter_that_nobody_trusts(
    start: Start, store: Store, rig: RigRow, path: Path, *, committed: bool
) -> None:
    command(store)
    assert revision(store) == 1
    killed = start("killed_after_its_commit" if committed else "killed_before_its_commit")
    assert rest(killed) == ["ready"]
    with asked(store) as said:
        looks = [revision(store), revision(store)]

    assert looks == [1 + committed] * 2
    assert said.count("PRAGMA data_version") == 2
    assert command(store) == 2 + committed
    with asked(store) as said:
        assert revision(store) == 2 + committed
    assert said == []


def test_what_another_program_writes_is_seen_a_moment_later(store: Store, rig: RigRow, path: Path, machine: Machine) -> None:
    command(store)
    assert revision(store) == 1
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("DELETE FROM cell")
    machine.since_boot += TRUSTED + 1

    assert revision(store) == 0


def test_who_writes_sees_at_once_what_another_program_has_written(store: Store, rig: RigRow, path: Path) -> None:
    command(store)
    assert revision(store) == 1
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("DELETE FROM rig")
    with store.transaction() as transaction:
        assert transaction.rig("default") is None


def test_rigs_that_share_a_counter_are_told_apart(store: Store, rig: RigRow, path: Path, machine: Machine) -> None:
    twin = next(name for number in range(10**6) if slot(name := f"rig-{number}") == slot("default"))
    make_rig(store, twin)
    command(store)
    assert [revision(store), store.load(twin, "HotTank").row] == [1, None]  # type: ignore[union-attr]  # it was just made
    with opened(path, machine) as second:
        command(second, twin)

    assert revision(store) == 1
    assert store.load(twin, "HotTank").row.revision == 1  # type: ignore[union-attr]  # and has had a command


# -- where the counters are ----------------------------------------------------------------------------------------


def test_the_counters_of_a_store_from_before_there_were_any_are_made(path: Path, machine: Machine) -> None:
    with opened(path, machine) as store:
        make_rig(store)
    lock_of(path).write_bytes(b"")
    with opened(path, machine) as store:
        command(store)
        with asked(store) as said:
            assert revision(store) == 1

    assert lock_of(path).stat().st_size == SIZE
    assert said == []


def test_counters_that_are_there_go_on_where_they_were(path: Path, machine: Machine) -> None:
    lock = LockFile(lock_of(path))
    with opened(path, machine) as store:
        make_rig(store)
        first = Counters(lock).sure(slot("default"))
    with opened(path, machine) as store:
        command(store)
    counters = Counters(lock)
    lock.close()

    assert counters.sure(slot("default")) == first + 2
    assert sum(number != 0 for number in counters.numbers) == 1
    assert len(counters.numbers) == SLOTS


def test_where_there_is_no_room_for_counters_everybody_asks_until_there_is_some(tmp_path: Path, machine: Machine) -> None:
    path = tmp_path / "small" / "brew.db"
    with small_disk(path.parent):
        with opened(path, machine) as store:
            make_rig(store)
        lock_of(path).write_bytes(b"")
        with closing(sqlite3.connect(path)) as other, opened(path, machine) as store, opened(path, machine) as second:
            other.execute("SELECT * FROM rig").fetchall()  # so that readers have their shared memory
            with no_room(path.parent):
                assert [each.load("default", "HotTank").row for each in (store, second)] == [None, None]  # type: ignore[union-attr]
                assert reader(store).counters is None
            with opened(path, machine) as third:
                assert third.load("default", "HotTank").row is None  # type: ignore[union-attr]  # it was made above
                assert reader(third).counters is not None
                assert [command(store), revision(second), revision(third)] == [1, 1, 1]
                assert [command(second), revision(store), revision(third)] == [2, 2, 2]


def test_closing_lets_go_of_the_counters_too(store: Store, rig: RigRow) -> None:
    before = reader(store)
    store.close()

    assert before.counters is None


def delete(lock: Path) -> None:
    lock.unlink()


def move_away(lock: Path) -> None:
    lock.rename(lock.with_name("away"))


def replace(lock: Path) -> None:
    lock.rename(lock.with_name("away"))
    lock.write_bytes(b"")


@pytest.mark.parametrize("lose", [delete, move_away, replace])
def test_all_go_on_with_one_lock_file_when_theirs_is_lost(
    path: Path, machine: Machine, lose: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    with opened(path, machine) as first, opened(path, machine) as second:
        make_rig(first)
        assert [command(first), revision(second)] == [1, 1]
        lose(lock_of(path))
        with opened(path, machine) as third:
            assert command(third) == 2
            machine.since_boot += TRUSTED + 1
            seen = [[command(writer), *(revision(each) for each in (first, second, third))] for writer in (first, second, third)]

    assert seen == [[number] * 4 for number in (3, 4, 5)]
    said = f"the lock file of {path} was deleted or cut short while it was in use; going on with what is there now"
    assert caplog.messages == [said, said]


def test_a_lock_file_that_is_cut_short_ends_nobody_and_is_made_whole(start: Start, store: Store, rig: RigRow, path: Path) -> None:
    assert rest(start("go_on_when_the_lock_file_is_cut")) == ["1", "1", "2", "2", "2"]
    assert lock_of(path).stat().st_size == SIZE
    assert revision(store) == 2


def test_a_lock_file_may_hold_any_numbers(path: Path, machine: Machine) -> None:
    with opened(path, machine) as store:
        make_rig(store)
    lock_of(path).write_bytes(b"\xff" * SIZE)
    with opened(path, machine) as store, opened(path, machine) as second:
        assert [[command(each), revision(store), revision(second)] for each in (store, second)] == [[1] * 3, [2] * 3]


def test_a_store_whose_lock_file_can_only_be_read_is_not_written_to(path: Path, machine: Machine) -> None:
    with opened(path, machine) as store:
        make_rig(store)
    with read_only(lock_of(path)), opened(path, machine) as store:
        with pytest.raises(StoreFileError) as raised:
            command(store)
        assert store.load("default", "HotTank").row is None  # type: ignore[union-attr]  # it was made above
    assert str(raised.value) == (
        f"{path}: can't be written, since its lock file brew.db-lock can only be read; give this user the right to write to that too; "
        "nothing was changed"
    )
    with opened(path, machine) as store:
        assert command(store) == 1


def test_two_programs_go_on_from_each_other(start: Start, store: Store, rig: RigRow) -> None:
    other = start("end_when_told")

    assert heard(other) == "1"
    assert revision(store) == 1
    assert command(store) == 2
