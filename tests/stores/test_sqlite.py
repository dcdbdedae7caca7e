"""What only a file has: other processes, threads that end, forks, kills and reboots."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from mockbrew.stores import open_store
from mockbrew.stores.base import CellRow, Loaded, RigRow, Store
from mockbrew.stores.flock import LockFile
from mockbrew.stores.sqlite_file import has_wal_reset_bug
from mockbrew.stores.sqlite_reader import REMEMBERED, Reader
from tests.stores import workers
from tests.stores.rows import Machine, command, entry, event, make_rig, record

Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def rig(store: Store) -> RigRow:
    return make_rig(store)


@pytest.fixture
def start(path: Path, store: Store) -> Iterator[Start]:
    """Starts programs; they are gone before the store is closed, which waits for whoever writes."""
    started: list[subprocess.Popen[str]] = []

    def one(what: str) -> subprocess.Popen[str]:
        started.append(workers.start(what, path))
        return started[-1]

    yield one
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def heard(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def rest(process: subprocess.Popen[str]) -> list[str]:
    return process.communicate(timeout=30)[0].split("\n")[:-1]


def numbers(store: Store, rig: RigRow) -> list[int]:
    return [each.number for each in store.events(rig, "HotTank")]


def revision(store: Store) -> int:
    loaded = store.load("default", "HotTank")
    return loaded.row.revision if loaded and loaded.row else 0


def open_files(path: Path) -> list[str]:
    """The names of this process's open files that belong to the store."""
    links = [Path(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]  # noqa: PTH208  # of numbers
    names = []
    for link in links:
        with suppress(OSError):
            names.append(link.readlink().name)
    return sorted(name for name in names if name.startswith(path.name))


# -- several processes ---------------------------------------------------------------------------------------------


def test_processes_that_start_at_once_make_one_store_and_write_one_log(start: Start, store: Store, path: Path) -> None:
    rig = make_rig(store)
    writers = [start("write_many") for _ in range(3)]
    for writer in writers:
        heard(writer)
    for writer in writers:
        tell(writer)
    answered = [int(line) for writer in writers for line in rest(writer)]

    assert sorted(answered) == numbers(store, rig) == list(range(1, 601))
    assert revision(store) == 600


def test_many_that_open_a_missing_file_at_once_find_one_store(path: Path) -> None:
    together, runs = threading.Barrier(8), []

    def boot() -> None:
        worker = open_store(f"sqlite:///{path}")
        together.wait()
        with worker.transaction() as transaction:
            if transaction.rig("default") is None:
                transaction.put_rig(replace(make_rig(open_store("memory://")), run=transaction.new_run()))
        with worker.transaction() as transaction:
            runs.append(transaction.rig("default"))
        worker.close()

    threads = [threading.Thread(target=boot) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(runs) == 8
    assert len(set(runs)) == 1


def test_what_another_process_wrote_is_seen_at_once(start: Start, store: Store, rig: RigRow) -> None:
    command(store)
    other = start("end_when_told")

    assert heard(other) == "2"
    assert revision(store) == 2


def test_a_reader_that_opens_the_file_does_not_wait_for_a_writer(start: Start, store: Store, rig: RigRow, path: Path) -> None:
    command(store)
    writer = start("stay_inside")
    heard(writer)
    newcomer = open_store(f"sqlite:///{path}")

    assert (revision(store), revision(newcomer)) == (1, 1)
    tell(writer)
    newcomer.close()


def test_a_writer_that_is_killed_inside_a_transaction_leaves_nothing_and_blocks_nobody(start: Start, store: Store, rig: RigRow) -> None:
    command(store)
    writer = start("stay_inside")
    heard(writer)
    writer.kill()

    assert command(store) == 2
    assert revision(store) == 2


def test_nothing_acknowledged_is_lost_or_torn_when_writers_are_killed(start: Start, store: Store, rig: RigRow) -> None:
    acknowledged = 0
    for kill in range(12):
        writer = start("write_for_ever")
        other = start("write_for_ever")
        for _ in range(1 + 17 * kill):
            acknowledged = max(acknowledged, int(heard(writer)))
        for each in (writer, other):
            each.kill()
        for each in (writer, other):
            acknowledged = max(acknowledged, *(int(line) for line in rest(each)), 0)

        loaded = store.load("default", "HotTank")
        assert loaded is not None
        assert loaded.row is not None
        assert loaded.rig.events == loaded.row.revision >= acknowledged
        assert numbers(store, rig) == list(range(1, loaded.rig.events + 1))
    store.close()
    with sqlite3.connect(store.url.removeprefix("sqlite:///")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_at_its_end_a_process_closes_under_the_lock(start: Start, store: Store, rig: RigRow, path: Path) -> None:
    store.close()
    other = start("end_when_told")
    heard(other)
    lock = LockFile(path.with_name("brew.db-lock"))
    with lock:
        tell(other)
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(0.3)
        assert path.with_name("brew.db-wal").exists()
    lock.close()

    assert other.wait(10) == 0
    assert not path.with_name("brew.db-wal").exists()


@pytest.mark.parametrize("way", ["transaction", "checkpoint", "close", "make", "decide on the wall"])
def test_whatever_writes_waits_for_the_lock(store: Store, rig: RigRow, path: Path, tmp_path: Path, way: str) -> None:
    ways: dict[str, tuple[Path, Callable[[], object]]] = {
        "transaction": (path, lambda: command(store)),
        "checkpoint": (path, lambda: store.checkpoint(rig, "HotTank", CellRow(0, 0, 40, "ahead"))),
        "close": (path, store.close),
        "make": (tmp_path / "new.db", lambda: used(tmp_path / "new.db", Machine())),
        "decide on the wall": (path, lambda: used(path, Machine("another boot"))),
    }
    locked, use = ways[way]
    lock, thread = LockFile(locked.with_name(f"{locked.name}-lock")), threading.Thread(target=use)
    before = locked.read_bytes() if locked.exists() else b""
    with lock:
        thread.start()
        thread.join(0.2)
        waits, meanwhile = thread.is_alive(), locked.read_bytes()
    thread.join(10)
    lock.close()

    assert waits
    assert meanwhile == before
    assert not thread.is_alive()


def used(path: Path, machine: Machine) -> None:
    store = open_store(f"sqlite:///{path}", machine=machine)
    store.wall()
    store.close()


# -- threads -------------------------------------------------------------------------------------------------------


def test_a_thread_that_ends_does_not_close_its_connection(store: Store, rig: RigRow, path: Path) -> None:
    before = open_files(path)
    thread = threading.Thread(target=lambda: command(store))
    thread.start()
    thread.join()

    assert len(open_files(path)) > len(before)


def test_the_connections_of_threads_that_ended_are_reclaimed(store: Store, rig: RigRow, path: Path) -> None:
    def in_thread() -> int:
        thread = threading.Thread(target=lambda: command(store))
        thread.start()
        thread.join()
        return len(open_files(path))

    counts = [in_thread() for _ in range(10)]

    assert counts == counts[:1] * 10
    assert revision(store) == 10


def test_a_newcomer_does_not_wait_for_a_writer_to_reclaim_connections(start: Start, store: Store, rig: RigRow) -> None:
    command(store)
    left = threading.Thread(target=lambda: revision(store))
    left.start()
    left.join()
    heard(start("stay_inside"))
    seen = []
    newcomer = threading.Thread(target=lambda: seen.append(revision(store)))
    newcomer.start()
    newcomer.join(10)

    assert seen == [1]


def test_closing_lets_go_of_every_file_and_another_use_opens_again(store: Store, rig: RigRow, path: Path) -> None:
    with_it, closed = threading.Event(), threading.Event()
    seen = []

    def other() -> None:
        command(store)
        with_it.set()
        closed.wait(10)
        seen.append(revision(store))

    thread = threading.Thread(target=other)
    thread.start()
    with_it.wait(10)
    store.close()
    files = open_files(path)
    closed.set()
    thread.join()

    assert files == []
    assert (seen, revision(store)) == ([1], 1)


def test_closing_waits_for_a_transaction_of_another_thread(store: Store, rig: RigRow) -> None:
    inside = threading.Event()

    def other() -> None:
        with store.transaction() as transaction:
            inside.set()
            transaction.put_rig(replace(rig, events=7))
            for number in range(1, 200):
                transaction.append(rig, event(number))

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait(10)
    store.close()
    thread.join()

    assert numbers(store, rig) == list(range(1, 200))


def test_a_thread_whose_connection_is_closed_while_it_waits_for_it_opens_another(store: Store, rig: RigRow) -> None:
    ready, go = threading.Event(), threading.Event()
    seen = []

    def other() -> None:
        command(store)
        ready.set()
        go.wait(10)
        seen.append(revision(store))

    thread = threading.Thread(target=other)
    thread.start()
    ready.wait(10)
    (handle,) = (each for each in store._handles._open if each.thread == thread.ident)  # type: ignore[attr-defined]  # not of the Store protocol
    with handle.busy:
        go.set()
        thread.join(0.1)
        handle.closed = True
        handle.opened.close()
        store._handles._open.discard(handle)  # type: ignore[attr-defined]  # not of the Store protocol
    thread.join(10)

    assert seen == [1]


def test_a_connection_remembers_a_bounded_number_of_looks(store: Store, rig: RigRow) -> None:
    with store.transaction() as transaction:
        for number in range(REMEMBERED + 50):
            transaction.put_cell(rig, f"cell {number}", CellRow(number, 0, number, "body"))
    loaded = [store.load("default", f"cell {number}") for number in range(REMEMBERED + 50)]
    reader = store._handles._own.handle.reader  # type: ignore[attr-defined]  # not of the Store protocol

    assert [each.row.revision for each in loaded if each and each.row] == list(range(REMEMBERED + 50))
    assert len(reader._known) == REMEMBERED


def test_a_rig_that_is_deleted_and_made_again_never_meets_its_old_rows(store: Store, rig: RigRow, path: Path) -> None:
    with store.transaction() as transaction:
        transaction.put_cell(rig, "HotTank", CellRow(1, 0, 10, "old"))
    before = store.load("default", "HotTank")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM rig")
    again = make_rig(store)
    with store.transaction() as transaction:
        transaction.put_cell(again, "HotTank", CellRow(1, 0, 10, "new"))

    assert before == Loaded(rig, CellRow(1, 0, 10, "old"), None)
    assert store.load("default", "HotTank") == Loaded(again, CellRow(1, 0, 10, "new"), None)


def test_a_sweep_with_nothing_to_do_asks_one_question_however_long_the_journal(store: Store, rig: RigRow) -> None:
    record(store, rig, [entry(1)])
    asked: list[str] = []
    store._handles._own.handle.opened.connection.set_trace_callback(asked.append)  # type: ignore[attr-defined]  # not of the Store protocol
    with store.transaction() as transaction:
        assert transaction.sweep(100) == 0

    assert asked[0] == "BEGIN IMMEDIATE"
    assert len(asked) == 3
    assert asked[2] == "COMMIT"


def test_a_row_of_wrong_types_is_the_callers_bug_and_no_trouble_of_the_store(store: Store, rig: RigRow) -> None:
    wrong = CellRow(1, 0, 10, ["a", "list"])  # type: ignore[arg-type]  # which is the point
    with pytest.raises((sqlite3.InterfaceError, sqlite3.ProgrammingError)), store.transaction() as transaction:  # by Python's version
        transaction.put_cell(rig, "HotTank", wrong)

    assert store.load("default", "HotTank") == Loaded(rig, None, None)
    assert command(store) == 1


class Interrupted:
    """A connection beside which others write just after each of its answers."""

    def __init__(self, connection: sqlite3.Connection, write: Callable[[], object]) -> None:
        self._connection, self._write = connection, write

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> Interrupted:
        self._row = self._connection.execute(statement, values).fetchone()
        self._write()
        return self

    def fetchone(self) -> object:
        return self._row


def test_what_is_written_while_a_look_is_taken_is_seen_by_the_next(store: Store, rig: RigRow, path: Path) -> None:
    other = open_store(f"sqlite:///{path}")
    interrupted = Interrupted(store._handles._own.handle.opened.connection, lambda: command(other))  # type: ignore[attr-defined]  # not of the Store protocol
    reader = Reader(interrupted)  # type: ignore[arg-type]  # what it uses of a connection
    looks = [reader.load("default", "HotTank") for _ in range(3)]
    other.close()

    assert [each.rig.events for each in looks if each] == [1, 3, 5]


# -- forks ---------------------------------------------------------------------------------------------------------


def test_what_a_forked_child_writes_outlives_its_parent(start: Start, store: Store, rig: RigRow) -> None:
    store.close()
    answered = [int(line) for line in rest(start("fork_and_part"))]

    assert answered == [1, 2, 3, 4, 5]
    assert numbers(store, rig) == [1, 2, 3, 4, 5]
    assert revision(store) == 5


def test_a_child_that_only_ends_takes_nothing_from_its_parent(start: Start, store: Store, rig: RigRow) -> None:
    store.close()
    answered = [int(line) for line in rest(start("fork_a_child_that_only_ends"))]

    assert answered == numbers(store, rig) == [1, 2]


def test_a_child_of_a_transaction_neither_commits_nor_undoes_it(start: Start, store: Store, rig: RigRow) -> None:
    store.close()
    parent = start("fork_inside")

    assert rest(parent) == ["the transaction is over", "'committed'"]
    with store.transaction() as transaction:
        rows = dict(transaction.cells(rig))
    assert rows.pop("HotTank") == CellRow(1, 0, 10, "body 1")
    assert rows == {f"cell {number}": CellRow(number, 0, 10, str(number) * 200_000) for number in range(20)}


def test_a_child_of_a_transaction_is_refused_whatever_it_does(start: Start, store: Store, rig: RigRow, path: Path) -> None:
    refusal = (
        f"{path}: was in use when this process was forked, which SQLite does not survive; "
        "fork before the store is used, or start a new program instead; nothing was changed"
    )

    assert rest(start("in_forked_child")) == ["the transaction is over", refusal, refusal, refusal, "1"]
    assert revision(store) == 1


def test_a_parent_that_is_killed_inside_is_not_outlived_by_its_lock(start: Start, store: Store, rig: RigRow) -> None:
    parent = start("killed_inside_with_a_child")
    assert int(heard(parent)) == parent.pid
    parent.send_signal(signal.SIGKILL)
    parent.wait(10)

    assert command(store) == 1


# -- SQLite itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "bug"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_versions_with_the_wal_reset_bug_are_known(version: tuple[int, int, int], bug: bool) -> None:  # noqa: FBT001  # a table
    assert has_wal_reset_bug(version) == bug


def test_a_commit_is_in_the_log_before_it_is_answered_and_the_database_is_written_under_the_lock(store: Store, rig: RigRow) -> None:
    connection = store._handles._own.handle.opened.connection  # type: ignore[attr-defined]  # not of the Store protocol

    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (1,)
    assert connection.isolation_level is None
