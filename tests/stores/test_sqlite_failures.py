"""Files that can't be used: each says what is wrong and what to do, is left as it is, and works again once that is mended."""

from __future__ import annotations

import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockbrew.errors import StoreFileError
from mockbrew.stores import open_store, sqlite_file
from mockbrew.stores.base import CellRow, Loaded, RigRow, Store
from mockbrew.stores.sqlite_errors import explained
from mockbrew.stores.sqlite_format import APPLICATION, TABLES
from tests.stores.disks import ROOT, no_room, read_only, small_disk
from tests.stores.rows import Machine, command, entry, event, make_rig, put_notes, record, rig_row

AFRESH = "stop the server and put a copy back, or move the file away together with its -wal and -shm to start afresh"
WRITABLE = "give this user the right to write to the file and to its directory"
DIRECTORY = "give this user the right to write to the directory, or name another file"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "brew.db"


@contextmanager
def opened(path: Path, machine: Machine | None = None) -> Iterator[Store]:
    store = open_store(f"sqlite:///{path}", machine=machine)
    yield store
    store.close()


def brewed(path: Path, commands: int = 3, cells: tuple[str, ...] = ("HotTank",)) -> None:
    with opened(path) as store:
        rig = make_rig(store)
        for _ in range(commands):
            for cell in cells:
                command(store, cell=cell)
        put_notes(store, rig, warm="text")
        record(store, rig, [entry(1)])


def revision(store: Store, cell: str = "HotTank") -> int:
    loaded = store.load("default", cell)
    assert loaded is not None
    assert loaded.row is not None
    return loaded.row.revision


def contents(directory: Path) -> dict[str, bytes]:
    """What is kept: without the memory that readers of a database share, and a log with nothing in it."""
    if not directory.is_dir():
        return {}
    files = {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}
    return {name: content for name, content in files.items() if not name.endswith("-shm") and (content or not name.endswith("-wal"))}


def again_and_again(use: Callable[[], object]) -> None:
    while True:
        use()


def told(use: Callable[[], object]) -> StoreFileError | None:
    try:
        use()
    except StoreFileError as error:
        return error
    return None


def dropped_and_swept(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.drop_rig(rig_row())
        transaction.sweep(99)


USES: dict[str, Callable[[Store], object]] = {
    "load": lambda store: store.load("default", "HotTank"),
    "wall": lambda store: store.wall(),
    "events": lambda store: store.events(rig_row(), "HotTank"),
    "command": command,
    "checkpoint": lambda store: store.checkpoint(rig_row(), "HotTank", CellRow(3, 0, 99, "ahead")),
    "rigs": lambda store: store.rigs(),
    "cells": lambda store: store.cells(rig_row()),
    "notes": lambda store: store.notes(rig_row(), "snapshot"),
    "journal": lambda store: store.journal(rig_row(), 0, 9),
    "note": lambda store: put_notes(store, rig_row(), warm="new"),
    "record": lambda store: record(store, rig_row(), [entry(2)]),
    "drop and sweep": dropped_and_swept,
}
every_use = pytest.mark.parametrize("use", USES.values(), ids=USES.keys())


def refused(path: Path, use: Callable[[Store], object], what: str, advice: str) -> None:
    """Using the store at `path` says just this, and leaves what is there as it is."""
    before = contents(path.parent)
    with opened(path) as store, pytest.raises(StoreFileError, match=f"^{re.escape(f'{path}: {what}; {advice}; nothing was changed')}$"):
        use(store)

    assert contents(path.parent) == before


# -- other files ---------------------------------------------------------------------------------------------------


@every_use
@pytest.mark.parametrize("content", [b"brew", b"\x00" * 100, b"a text, and a long one. " * 500])
def test_a_file_that_is_no_database_is_refused(path: Path, content: bytes, use: Callable[[Store], object]) -> None:
    path.write_bytes(content)

    refused(path, use, "is no SQLite database, or is damaged at its start (file is not a database)", AFRESH)


@every_use
def test_a_database_of_another_program_is_refused(path: Path, use: Callable[[Store], object]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE rig (name)")

    refused(path, use, "is a database of another program (application_id 0x0)", "name another file")


def test_a_database_that_names_its_program_is_refused_though_it_is_empty(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 252006674")

    refused(path, command, "is a database of another program (application_id 0xf055112)", "name another file")


def test_what_another_program_left_behind_in_a_crash_is_not_tidied_up(path: Path) -> None:
    crash = (
        "import os, sqlite3, sys; connection = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "connection.execute('PRAGMA journal_mode = WAL'); connection.execute('CREATE TABLE theirs (x)'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", crash, str(path)], check=True)
    before = contents(path.parent)
    with opened(path) as store, pytest.raises(StoreFileError, match="is a database of another program"):
        command(store)

    assert sorted(before) == ["brew.db", "brew.db-wal"]
    assert contents(path.parent) == before


@every_use
def test_a_store_of_a_newer_mockbrew_is_refused(path: Path, use: Callable[[Store], object]) -> None:
    brewed(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 3")

    refused(path, use, "has format 3, of a newer mockbrew; this one knows up to 2", "upgrade mockbrew, or name another file")


def test_a_store_with_missing_and_unknown_tables_is_refused(path: Path) -> None:
    brewed(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE event")
        connection.execute("CREATE TABLE notes (x)")

    refused(path, command, "says it is a mockbrew store, but these tables are missing or unknown: event, notes", AFRESH)


# -- damage --------------------------------------------------------------------------------------------------------


def test_a_store_that_is_damaged_at_its_start_is_refused(path: Path) -> None:
    brewed(path)
    path.write_bytes(b"\xff" * 16 + path.read_bytes()[16:])

    refused(path, command, "is no SQLite database, or is damaged at its start (file is not a database)", AFRESH)


def test_a_store_that_is_cut_short_is_refused(path: Path) -> None:
    brewed(path, commands=100)
    path.write_bytes(path.read_bytes()[: 3 * 4096])

    refused(path, command, "is damaged (database disk image is malformed)", AFRESH)


def test_a_store_whose_very_tables_are_illegible_is_refused(path: Path) -> None:
    brewed(path)
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE rig", b"CREATE T\xb4BLE rig"))
    with opened(path) as store, pytest.raises(StoreFileError, match=r": is damaged \(.*\); "):
        command(store)


CELLS = tuple(f"cell {n}" for n in range(40))


def test_a_damaged_page_is_told_by_whoever_comes_upon_it_and_nothing_is_made_worse(path: Path) -> None:
    brewed(path, 2, CELLS)
    whole, said = path.read_bytes(), []
    for page in range(1, len(whole) // 4096):
        damaged = whole[: page * 4096] + b"\xff" * 4096 + whole[(page + 1) * 4096 :]
        path.write_bytes(damaged)
        with opened(path) as store:
            said.append(told(partial(revision, store, CELLS[7])))
        with opened(path) as store:
            said.append(told(partial(command, store, cell=CELLS[7])))
        if said[-1] is not None:
            assert path.read_bytes() == damaged
    path.write_bytes(whole)
    errors = [str(error) for error in said if error is not None]

    assert len(errors) > 4
    assert set(errors) == {f"{path}: is damaged (database disk image is malformed); {AFRESH}; nothing was changed"}
    with opened(path) as store:
        assert [revision(store, cell) for cell in CELLS] == list(range(41, 81))


@given(flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=30))
@settings(max_examples=60)
def test_whatever_bytes_are_flipped_no_other_error_comes_out(flips: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "brew.db"
        brewed(path, 1, CELLS)
        content = bytearray(path.read_bytes())
        for place, byte in flips:
            content[place % len(content)] = byte
        path.write_bytes(content)
        with opened(path) as store:
            for use in USES.values():
                with suppress(AssertionError):  # of `command`: the rig's very name may be damaged
                    told(partial(use, store))


def test_damage_that_is_met_in_a_transaction_undoes_it(path: Path) -> None:
    brewed(path, 2, CELLS)
    with opened(path) as store, closing(sqlite3.connect(path)) as other:
        make_rig(store, "other")
        (root,) = other.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event'").fetchone()
    content = path.read_bytes()
    path.write_bytes(content[: (root - 1) * 4096] + b"\xff" * 4096 + content[root * 4096 :])

    refused(path, command, "is damaged (database disk image is malformed)", AFRESH)
    with opened(path) as store:
        assert revision(store, CELLS[7]) == 48
        assert make_rig(store, "other").run == 3  # what is whole can still be written


# -- places that can't be written ----------------------------------------------------------------------------------


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


# -- beginnings ----------------------------------------------------------------------------------------------------


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.touch()
    brewed(path)

    with opened(path) as store:
        assert revision(store) == 3


def test_a_maker_that_was_killed_halfway_leaves_nothing_that_is_in_the_way(path: Path) -> None:
    killed = (
        "import os, signal, sqlite3, sys; connection = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "connection.execute('PRAGMA journal_mode = WAL'); connection.execute('BEGIN IMMEDIATE'); "
        f"connection.execute('PRAGMA application_id = {APPLICATION}'); connection.execute('CREATE TABLE rig (name)'); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", killed, str(path)], check=False)
    brewed(path)

    with opened(path) as store:
        assert revision(store) == 3


def test_a_store_in_another_journal_mode_is_switched_back(path: Path) -> None:
    brewed(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    with opened(path) as store:
        assert command(store) == 4

        assert path.with_name("brew.db-wal").exists()


def test_a_store_says_what_it_is_in_its_header(path: Path) -> None:
    brewed(path)

    assert path.read_bytes()[68:72] == b"mbrw"
    assert path.read_bytes()[60:64] == b"\0\0\0\2"
    with closing(sqlite3.connect(path)) as connection:
        assert {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")} == set(TABLES)


def test_a_copy_of_a_closed_store_is_a_store(path: Path, tmp_path: Path) -> None:
    brewed(path)
    shutil.copy(path, tmp_path / "copy.db")

    with opened(tmp_path / "copy.db") as store:
        assert revision(store) == 3


def test_two_links_to_one_file_have_one_lock(path: Path, tmp_path: Path) -> None:
    brewed(path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "link.db").symlink_to(path)
    with opened(tmp_path / "elsewhere" / "link.db") as store:
        assert command(store) == 4

        assert [each.name for each in (tmp_path / "elsewhere").iterdir()] == ["link.db"]


# -- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "what", "advice"),
    [
        ("database is locked", "has been locked by another program for too long", "close whatever else has it open"),
        ("database table is locked", "has been locked by another program for too long", "close whatever else has it open"),
        ("malformed database schema (rig)", "is damaged", AFRESH),
        ("Could not decode to UTF-8 column 'body' with text 'x'", "is damaged", AFRESH),
        ("no such column: rig.stamp", "is damaged", AFRESH),
        ("malformed: illegible", "is damaged", AFRESH),
        ("locking protocol", "SQLite refuses", "look the words up in the documentation of SQLite"),
    ],
)
def test_what_sqlite_says_is_told_with_what_helps(said: str, what: str, advice: str) -> None:
    error = explained(Path("/brew.db"), sqlite3.OperationalError(said))

    assert str(error) == f"/brew.db: {what} ({said}); {advice}; nothing was changed"
    assert (error.path, error.status) == (Path("/brew.db"), 503)


def test_where_sqlite_has_no_words_they_are_found() -> None:
    assert str(explained(Path("/brew.db"), sqlite3.DatabaseError(""))) == str(
        explained(Path("/brew.db"), sqlite3.DatabaseError("malformed: illegible"))
    )
