"""Places that can't be written: each says so and what to do, and works again once that is mended."""

from __future__ import annotations

import re
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from mockbrew.errors import StoreFileError
from mockbrew.stores import sqlite_file
from mockbrew.stores.base import CellRow, Loaded, RigRow, Store
from tests.stores.disks import ROOT, no_room, read_only, small_disk
from tests.stores.files import (
    DIRECTORY,
    WRITABLE,
    again_and_again,
    brewed,
    opened,
    refused,
    revision,
    told,
)
from tests.stores.rows import Machine, command, event, make_rig


def test_a_file_that_can_only_be_read_is_read_and_refuses_to_be_written(path: Path) -> None:
    brewed(path)
    before = path.read_bytes()
    with read_only(path), opened(path) as store:
        assert revision(store) == 3
        assert store.wall() > 0
        with pytest.raises(StoreFileError) as raised:
            command(store)
        assert revision(store) == 3

    said = f"{path}: can't be written (attempt to write a readonly database); {WRITABLE}; nothing was changed"
    assert str(raised.value) == said
    assert path.read_bytes() == before


def test_a_file_that_can_only_be_read_tells_the_time_after_a_reboot(path: Path) -> None:
    brewed(path)
    with read_only(path), opened(path, Machine("another boot")) as store:
        assert (store.wall(), revision(store)) == (Machine().real(), 3)


def test_a_store_is_not_made_in_a_directory_that_can_only_be_read(tmp_path: Path) -> None:
    directory = tmp_path / "closed"
    directory.mkdir()
    why = "Read-only file system" if ROOT else "Permission denied"
    with read_only(directory):
        refused(directory / "brew.db", command, f"needs a lock file brew.db-lock beside it, which can't be opened ({why})", DIRECTORY)


def test_a_store_in_a_directory_that_can_only_be_read_is_refused(tmp_path: Path) -> None:
    directory = tmp_path / "closed"
    directory.mkdir()
    brewed(directory / "brew.db")
    advice = "give this user the right to read and write the file and its directory, -wal and -shm included"
    mounted = "can't be opened (unable to open database file)", advice
    forbidden = "can't be written (attempt to write a readonly database)", WRITABLE
    with read_only(directory):
        refused(directory / "brew.db", command, *(mounted if ROOT else forbidden))
    with opened(directory / "brew.db") as store:
        assert command(store) == 4


def test_a_directory_that_is_missing_is_named(tmp_path: Path) -> None:
    refused(tmp_path / "missing" / "brew.db", command, "its directory is missing", "make the directory, or name another file")

    assert list(tmp_path.iterdir()) == []


def test_a_directory_is_no_store(tmp_path: Path) -> None:
    refused(tmp_path, command, "is a directory", "name a file in it")

    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_and_once_there_is_room_it_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "small" / "brew.db"
    full = f"{path}: has no room left on its disk (database or disk is full); make room and ask again; nothing was changed"
    with small_disk(path.parent), opened(path) as store, opened(path) as other:
        make_rig(store)
        command(store)
        other.wall()
        with no_room(path.parent):
            with pytest.raises(StoreFileError) as raised:
                again_and_again(partial(command, store))  # SQLite may have some room left in its log
            last = revision(store)
            rig = store.load("default", "HotTank")
            assert str(raised.value) == full
            assert rig is not None
            assert [each.number for each in store.events(rig.rig, "HotTank")] == list(range(1, last + 1))
            with pytest.raises(StoreFileError, match=f"^{re.escape(full)}$"):
                command(other)

        assert (command(store), command(other), revision(store)) == (last + 1, last + 2, last + 2)


def test_a_transaction_that_went_on_after_a_full_disk_is_undone_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "small" / "brew.db"
    with small_disk(path.parent), opened(path) as store:
        rig = make_rig(store)
        error = told(lambda: more_than_fits(store, rig))

        assert "has no room left on its disk" in str(error)
        assert store.load("default", "cell 0") == Loaded(rig, None, None)
        assert list(store.events(rig, "HotTank")) == []
        assert command(store) == 1


def more_than_fits(store: Store, rig: RigRow) -> None:
    with store.transaction() as transaction:
        transaction.append(rig, event(1))
        for number in range(20):  # more than SQLite keeps in memory before it is committed
            told(partial(transaction.put_cell, rig, f"cell {number}", CellRow(1, 0, 10, "x" * 500_000)))
        told(partial(transaction.append, rig, event(2)))


def test_a_store_is_not_made_on_a_full_disk(tmp_path: Path) -> None:
    path = tmp_path / "small" / "brew.db"
    with small_disk(path.parent):
        with no_room(path.parent), opened(path) as store, pytest.raises(StoreFileError, match="has no room left on its disk"):
            make_rig(store)
        with opened(path) as store:
            make_rig(store)
            assert command(store) == 1


def test_a_limit_on_the_size_of_files_is_told_and_once_lifted_it_goes_on(path: Path) -> None:
    brewed(path)
    with opened(path) as store:
        with pytest.raises(StoreFileError) as raised, files_of_at_most(40 * 1024):
            again_and_again(partial(command, store))

        last = revision(store)
        assert last > 3
        assert command(store) == last + 1
    what, advice = (
        "could not be read or written to the end (disk I/O error)",
        "look for a disk that is full or fails, or a limit on the size of files",
    )
    assert str(raised.value) == f"{path}: {what}; {advice}; nothing was changed"


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))


def test_a_place_without_write_ahead_logging_is_refused_and_nothing_is_left_there(path: Path) -> None:
    uri = f"file:{path}?vfs=unix-none"  # no shared memory, as on a network file system
    with closing(sqlite3.connect(uri, uri=True)) as connection, pytest.raises(StoreFileError) as raised:
        sqlite_file._log_ahead(path, connection)

    what = "can't be switched to write-ahead logging (it stays in mode 'delete')"
    advice = "put it on a local disk: network file systems can't do it"
    assert str(raised.value) == f"{path}: {what}; {advice}; nothing was changed"
    assert path.read_bytes() == b""
