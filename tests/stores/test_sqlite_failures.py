"""Files that can't be used: each says what is wrong and what to do, is left as it is, and works again once that is mended."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockbrew.errors import StoreFileError
from mockbrew.stores.base import Store
from mockbrew.stores.sqlite_errors import explained
from mockbrew.stores.sqlite_format import APPLICATION, PAGE, TABLES
from tests.stores.files import (
    AFRESH,
    USES,
    brewed,
    contents,
    every_use,
    opened,
    refused,
    revision,
    told,
)
from tests.stores.rows import command, make_rig

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
        connection.execute("PRAGMA user_version = 4")

    refused(path, use, "has format 4, of a newer mockbrew; this one knows up to 3", "upgrade mockbrew, or name another file")


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
    path.write_bytes(path.read_bytes()[: 3 * PAGE])

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
    for page in range(1, len(whole) // PAGE):
        damaged = whole[: page * PAGE] + b"\xff" * PAGE + whole[(page + 1) * PAGE :]
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
    path.write_bytes(content[: (root - 1) * PAGE] + b"\xff" * PAGE + content[root * PAGE :])

    refused(path, command, "is damaged (database disk image is malformed)", AFRESH)
    with opened(path) as store:
        assert revision(store, CELLS[7]) == 48
        assert make_rig(store, "other").run == 3  # what is whole can still be written


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
    assert path.read_bytes()[60:64] == b"\0\0\0\3"
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
