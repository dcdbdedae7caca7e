"""A store of an older format is brought to today's when it is opened, whole or not at all, and loses nothing."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from threading import Barrier

import pytest

from mockbrew.clock import Clock
from mockbrew.errors import StoreFileError
from mockbrew.stores import open_store
from mockbrew.stores.base import CellRow, Event, Loaded, RigRow, Store
from mockbrew.stores.sqlite_format import UPGRADES
from mockbrew.stores.sqlite_report import RigReport, report
from tests.stores import format1
from tests.stores.disks import no_room, read_only, small_disk
from tests.stores.rows import CLOCK, Machine, append, command, entry, event, make_rig, put_notes, record

DEFAULT = RigRow("default", 4, "digest", CLOCK, 0, 0, 0, 30, 3, born=4, used=format1.WALL)
TEAM = RigRow("team-a", 5, "digest", Clock(5, 7, Fraction(1, 3)), 123456789012345678901, 0, 0, 0, 0, born=5, used=7)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store of format 1."""
    path = tmp_path / "brew.db"
    format1.make(path)
    return path


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{path}", machine=Machine())
    yield store
    store.close()


def columns(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for name in names}


def form(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_every_row_survives_and_each_rig_is_in_the_life_of_its_run(path: Path) -> None:
    with opened(path) as store:
        assert list(store.rigs()) == [DEFAULT, TEAM]
        assert store.load("default", "HotTank") == Loaded(DEFAULT, CellRow(3, 0, 30, "body 3"), CellRow(3, 0, 40, "ahead"))
        expected = [Event(number, "HotTank", 10 * number, format1.WALL, "B1", "turn_on", "{}") for number in (1, 2, 3)]
        assert list(store.events(DEFAULT, "HotTank")) == expected
        assert (store.notes(DEFAULT, "snapshot"), store.journal(DEFAULT, 0, 9)) == ({}, [])
        with store.transaction() as transaction:
            assert transaction.spec("digest") == "document"
            assert transaction.sweep(99) == 0
            assert transaction.new_run() == 6
        assert store.wall() == 100 + Machine().monotonic()


def test_a_command_builds_on_what_was_there(path: Path) -> None:
    with opened(path) as store:
        assert command(store) == 4
        put_notes(store, DEFAULT, warm="text")
        record(store, DEFAULT, [entry(1)])
    with opened(path) as store:
        loaded = store.load("default", "HotTank")

        assert loaded == Loaded(replace(DEFAULT, events=4, last_at=40), CellRow(4, 0, 40, "body 4"), None)
        assert (store.notes(DEFAULT, "snapshot"), store.journal(DEFAULT, 0, 9)) == ({"warm": "text"}, [entry(1)])


def test_an_upgraded_store_has_the_tables_of_a_new_one(path: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    for each in (path, new):
        with opened(each) as store:
            make_rig(store, "other")

    assert columns(path) == columns(new)
    assert (form(path), form(new)) == (3, 3)


def test_many_that_open_an_old_store_at_once_upgrade_it_once(path: Path) -> None:
    together = Barrier(4)

    def use() -> list[int]:
        with opened(path) as store:
            together.wait()
            return [command(store) for _ in range(5)]

    with ThreadPoolExecutor(4) as pool:
        answered = [number for each in [pool.submit(use) for _ in range(4)] for number in each.result()]

    assert sorted(answered) == list(range(4, 24))


def test_a_store_of_format_2_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "brew.db"
    with opened(path) as store:
        rig = make_rig(store)
        append(store, rig, [event(1, base="{}"), event(2)])
    fresh = columns(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE event DROP COLUMN testimony")
        connection.execute("PRAGMA user_version = 2")

    with opened(path) as store:
        assert list(store.events(rig, "HotTank")) == [event(1, base="{}"), event(2)]
        append(store, rig, [replace(event(3), testimony="0")])
        assert [each.testimony for each in store.events(rig, "HotTank")] == [None, None, "0"]
    assert (form(path), columns(path)) == (3, fresh)


def test_a_report_leaves_an_old_store_to_the_server_that_uses_it(path: Path) -> None:
    found = report(path, Machine())

    assert (found.format, form(path)) == (1, 1)
    assert found.rigs == (RigReport("default", 4, "digest", 3), RigReport("team-a", 5, "digest", 0))


def test_an_old_store_that_can_only_be_read_is_refused(path: Path) -> None:
    before = path.read_bytes()
    with read_only(path), opened(path) as store, pytest.raises(StoreFileError) as raised:
        store.load("default", "HotTank")

    assert str(raised.value) == (
        f"{path}: has format 1 and must be upgraded to 3, but can't be written (attempt to write a readonly database); give this user "
        "the right to write to the file and to its directory, or go on with the mockbrew that made it; nothing was changed"
    )
    assert path.read_bytes() == before
    with opened(path) as store:
        assert command(store) == 4


def test_an_upgrade_that_was_killed_halfway_begins_anew(path: Path) -> None:
    killed = (
        "import os, signal, sqlite3, sys; connection = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "connection.execute('BEGIN IMMEDIATE'); "
        f"[connection.execute(statement) for statement in {UPGRADES[1][:-1]!r}]; os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", killed, str(path)], check=False)
    assert form(path) == 1

    with opened(path) as store:
        assert command(store) == 4
        assert list(store.rigs()) == [replace(DEFAULT, events=4, last_at=40), TEAM]


def test_an_upgrade_that_finds_no_room_changes_nothing_and_is_done_once_there_is_some(tmp_path: Path) -> None:
    path = tmp_path / "small" / "brew.db"
    with small_disk(path.parent):
        format1.make(path)
        with closing(sqlite3.connect(path)) as other:
            other.execute("SELECT * FROM rig").fetchall()  # so that readers have their shared memory
            with no_room(path.parent), opened(path) as store, pytest.raises(StoreFileError, match="has no room left on its disk"):
                store.load("default", "HotTank")
        assert form(path) == 1
        with opened(path) as store:
            assert command(store) == 4


def test_an_old_store_with_missing_and_unknown_tables_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE ahead")
        connection.execute("CREATE TABLE journal (x)")
    before = path.read_bytes()
    what = "says it is a mockbrew store, but these tables are missing or unknown: ahead, journal; "
    with opened(path) as store, pytest.raises(StoreFileError, match=re.escape(what)):
        store.load("default", "HotTank")

    assert path.read_bytes() == before


@pytest.mark.parametrize("number", [0, -1])
def test_a_format_that_there_never_was_is_refused(path: Path, number: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {number}")
    before = path.read_bytes()
    what = f"says it is a mockbrew store of format {number}, which there never was; stop the server and put a copy back, or "
    with opened(path) as store, pytest.raises(StoreFileError, match=f"^{re.escape(f'{path}: {what}')}"):
        store.load("default", "HotTank")

    assert path.read_bytes() == before
