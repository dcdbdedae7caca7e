"""Processes that share a file: they start at once, wait for each other, and are killed."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mockbrew.stores import open_store
from mockbrew.stores.base import CellRow, RigRow, Store
from mockbrew.stores.flock import LockFile
from tests.stores.rows import Machine, command, make_rig, numbers
from tests.stores.sqlite.talk import Start, heard, rest, revision, tell


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
