from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mockbrew.clock import Clock
from mockbrew.errors import StoreFileError
from mockbrew.stores import open_store
from mockbrew.stores.base import RigRow
from mockbrew.stores.machine import LocalMachine
from mockbrew.stores.sqlite_report import RigReport, report


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with two rigs in it."""
    path = tmp_path / "rigs.db"
    store = open_store(f"sqlite:///{path}")
    with store.transaction() as transaction:
        for name, events in (("team-b", 7), ("default", 0)):
            clock = Clock(0, store.wall())
            transaction.put_rig(RigRow(name, transaction.new_run(), "abc", clock, 1, 0, 0, 0, events))
    store.close()
    return path


def test_a_report_says_what_is_in_the_store(path: Path) -> None:
    found = report(path, LocalMachine())

    assert found.rigs == (RigReport("default", 2, "abc", 0), RigReport("team-b", 1, "abc", 7))
    assert found.format == 3
    assert found.size == path.stat().st_size


def test_reporting_changes_nothing_in_the_store(path: Path) -> None:
    before = dump(path)

    report(path, LocalMachine())

    assert dump(path) == before


@pytest.mark.parametrize("table", ["rig", "event"])
def test_a_damaged_store_is_refused_and_left_as_it_is(path: Path, table: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    damaged = path.read_bytes()

    with pytest.raises(StoreFileError, match="is damaged"):
        report(path, LocalMachine())
    assert path.read_bytes() == damaged


def test_the_database_of_another_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "browser.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE history (url TEXT)")
    before = path.read_bytes()

    with pytest.raises(StoreFileError, match="is a database of another program"):
        report(path, LocalMachine())
    assert path.read_bytes() == before


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())
