"""A connection to SQLite: what it remembers, asks and commits, and which versions of SQLite it may be of."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mockbrew.errors import StoreFileError
from mockbrew.stores import open_store
from mockbrew.stores.base import CellRow, Loaded, RigRow, Store
from mockbrew.stores.sqlite_file import has_wal_reset_bug
from mockbrew.stores.sqlite_reader import REMEMBERED, Reader
from tests.stores.rows import command, entry, make_rig, record


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


@pytest.mark.parametrize("look", [lambda store, _: store.rigs(), lambda store, rig: store.events(rig, "HotTank")], ids=["rigs", "events"])
def test_who_keeps_an_error_of_a_damaged_row_keeps_nothing_open(
    store: Store, rig: RigRow, path: Path, look: Callable[[Store, RigRow], object]
) -> None:
    make_rig(store, "other")
    command(store)
    command(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE rig SET denominator = '' WHERE name = 'default'")
        other.execute("UPDATE event SET device = CAST(x'ff' AS TEXT) WHERE number = 1")
    with pytest.raises(StoreFileError) as raised:
        look(store, rig)
    store.close()

    assert "is damaged" in str(raised.value)
    assert not path.with_name(f"{path.name}-wal").exists()


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
