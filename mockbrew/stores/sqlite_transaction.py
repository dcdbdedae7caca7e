"""The one writer of an SQLite file, from BEGIN to COMMIT."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from mockbrew.errors import StoreFileError
from mockbrew.stores import validity
from mockbrew.stores.base import CellRow, Event, Loaded, RigRow
from mockbrew.stores.sqlite_errors import ERRORS, explained
from mockbrew.stores.sqlite_file import Opened, whole
from mockbrew.stores.sqlite_reader import Row, rig_row

GET_RIG = """
SELECT stamp, wall, name, run, spec, base, wall_base, numerator, denominator, seed, resets, reset_at, last_at, events
FROM rig WHERE name = ?"""
PUT_RIG = """
INSERT INTO rig VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET stamp = excluded.stamp, wall = excluded.wall, run = excluded.run, spec = excluded.spec,
    base = excluded.base, wall_base = excluded.wall_base, numerator = excluded.numerator, denominator = excluded.denominator,
    seed = excluded.seed, resets = excluded.resets, reset_at = excluded.reset_at, last_at = excluded.last_at, events = excluded.events"""
MARK_RIG = "UPDATE rig SET stamp = ?, wall = ? WHERE name = ?"
GET_CELLS = "SELECT cell, revision, resets, at, body FROM cell WHERE rig = ? AND run = ? ORDER BY cell"
GET_CELL = "SELECT revision, resets, at, body FROM cell WHERE rig = ? AND run = ? AND cell = ?"
GET_AHEAD = "SELECT revision, resets, at, body FROM ahead WHERE rig = ? AND run = ? AND cell = ?"
PUT_CELL = """
INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (rig, run, cell) DO UPDATE SET
    stamp = excluded.stamp, revision = excluded.revision, resets = excluded.resets, at = excluded.at, body = excluded.body"""
PUT_AHEAD = "INSERT OR REPLACE INTO ahead VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
DROP_AHEAD = "DELETE FROM ahead WHERE rig = ? AND run = ? AND cell = ?"
DROP_CELLS = "DELETE FROM cell WHERE rig = ? AND run = ?"
DROP_AHEADS = "DELETE FROM ahead WHERE rig = ? AND run = ?"
APPEND = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
OLDEST_KEPT = "SELECT number FROM event WHERE rig = ? AND run = ? AND cell = ? ORDER BY number DESC LIMIT 1 OFFSET ?"
LAST_BASE = """
SELECT number FROM event WHERE rig = ? AND run = ? AND cell = ? AND number <= ? AND base IS NOT NULL ORDER BY number DESC LIMIT 1"""
DROP_EVENTS = "DELETE FROM event WHERE rig = ? AND run = ? AND cell = ? AND number < ?"
GET_SPEC = "SELECT document FROM spec WHERE digest = ?"
PUT_SPEC = "INSERT OR IGNORE INTO spec VALUES (?, ?)"
GET_RUNS = "SELECT max(runs) FROM store"
PUT_RUNS = "UPDATE store SET runs = ?"

BUGS = (sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError)  # a caller's; no operator can mend them

Shape = TypeVar("Shape")


@dataclass(slots=True)
class Mark:
    """What a transaction leaves on a rig: the stamp of every row it writes, and the latest wall that any event or clock refers to.

    noted: whether the rig's row says so, or need not, because nothing was written.
    """

    stamp: int
    wall: int
    noted: bool = True


class SqliteTransaction:
    """The one writer. A statement that failed ends it: nothing after it is done, and nothing before it stays."""

    def __init__(self, opened: Opened) -> None:
        self._path, self._connection, self._pid = opened.path, opened.connection, os.getpid()
        self._over = False
        self._failed: StoreFileError | None = None
        self._marks: dict[str, Mark] = {}

    def begin(self) -> None:
        self._rows("BEGIN IMMEDIATE")

    def rig(self, name: str) -> RigRow | None:
        for mark, row in self._shaped(_mark_and_rig, GET_RIG, (name,)):
            self._marks.setdefault(name, mark)
            return row
        return None

    def put_rig(self, rig: RigRow) -> None:
        mark = self._marked(rig.name, rig.clock.wall_base)
        clock = (rig.clock.base, rig.clock.wall_base, str(rig.clock.rate.numerator), str(rig.clock.rate.denominator))
        plain = (str(rig.seed), rig.resets, rig.reset_at, rig.last_at, rig.events)
        self._rows(PUT_RIG, (rig.name, mark.stamp, mark.wall, rig.run, rig.spec, *clock, *plain))
        mark.noted = True

    def new_run(self) -> int:
        ((runs,),) = self._shaped(whole, GET_RUNS)
        self._rows(PUT_RUNS, (runs + 1,))
        return runs + 1

    def cell(self, rig: RigRow, cell: str) -> CellRow | None:
        return self._cell(GET_CELL, rig, cell)

    def cells(self, rig: RigRow) -> Iterator[tuple[str, CellRow]]:
        return iter([(cell, CellRow(*rest)) for cell, *rest in self._rows(GET_CELLS, (rig.name, rig.run))])

    def put_cell(self, rig: RigRow, cell: str, row: CellRow) -> None:
        self._put(PUT_CELL, rig, cell, row)
        self._rows(DROP_AHEAD, (rig.name, rig.run, cell))

    def drop_cells(self, rig: RigRow) -> None:
        self._marked(rig.name)
        self._rows(DROP_CELLS, (rig.name, rig.run))
        self._rows(DROP_AHEADS, (rig.name, rig.run))

    def append(self, rig: RigRow, event: Event) -> None:
        self._marked(rig.name, event.wall)
        values = (event.at, event.wall, event.device, event.verb, event.arguments, event.base, event.spec)
        try:
            self._rows(APPEND, (rig.name, rig.run, event.cell, event.number, *values))
        except sqlite3.IntegrityError as error:
            raise ValueError(f"event {event.number} of cell {event.cell!r} is in the log already") from error

    def trim(self, rig: RigRow, cell: str, keep: int) -> None:
        log = (rig.name, rig.run, cell)
        for (oldest,) in self._rows(OLDEST_KEPT, (*log, max(keep, 1) - 1)):
            for (base,) in self._rows(LAST_BASE, (*log, oldest)):
                self._rows(DROP_EVENTS, (*log, base))

    def put_spec(self, digest: str, document: str) -> None:
        self._rows(PUT_SPEC, (digest, document))

    def spec(self, digest: str) -> str | None:
        for (document,) in self._rows(GET_SPEC, (digest,)):
            return str(document)
        return None

    # -- for the store -------------------------------------------------------------------------------------------

    def loaded(self, rig: str, cell: str) -> Loaded | None:
        row = self.rig(rig)
        return validity.loaded(row, self.cell(row, cell), self._cell(GET_AHEAD, row, cell)) if row is not None else None

    def put_ahead(self, rig: RigRow, cell: str, row: CellRow) -> None:
        self._put(PUT_AHEAD, rig, cell, row)

    def commit(self) -> None:
        for name, mark in self._marks.items():
            if not mark.noted:
                self._rows(MARK_RIG, (mark.stamp, mark.wall, name))
        self._rows("COMMIT")
        self._over = True

    def undo(self) -> None:
        """Never in a process that was forked inside the transaction: it is the parent's."""
        self._over = True
        if os.getpid() == self._pid and self._connection.in_transaction:
            with suppress(sqlite3.Error):  # whatever went wrong is on its way to the caller already
                self._connection.execute("ROLLBACK")

    def _cell(self, statement: str, rig: RigRow, cell: str) -> CellRow | None:
        for row in self._rows(statement, (rig.name, rig.run, cell)):
            return CellRow(*row)
        return None

    def _put(self, statement: str, rig: RigRow, cell: str, row: CellRow) -> None:
        stamp = self._marked(rig.name).stamp
        self._rows(statement, (rig.name, rig.run, cell, stamp, row.revision, row.resets, row.at, row.body))

    def _marked(self, rig: str, wall: int = 0) -> Mark:
        if rig not in self._marks and self.rig(rig) is None:
            self._marks[rig] = Mark(1, 0)
        mark = self._marks[rig]
        mark.wall, mark.noted = max(mark.wall, wall), False
        return mark

    def _rows(self, statement: str, values: Row = ()) -> list[Row]:
        return self._shaped(tuple, statement, values)

    def _shaped(self, shape: Callable[[Row], Shape], statement: str, values: Row = ()) -> list[Shape]:
        if self._over or os.getpid() != self._pid:
            raise RuntimeError("the transaction is over")
        if self._failed is not None:  # SQLite may have undone it already: the statement would stand for itself
            raise self._failed
        try:
            return [shape(row) for row in self._connection.execute(statement, values).fetchall()]
        except BUGS:
            raise
        except ERRORS as error:
            self._failed = explained(self._path, error)
            raise self._failed from error


def _mark_and_rig(row: Row) -> tuple[Mark, RigRow]:
    stamp, wall = whole(row[:2])
    return Mark(stamp + 1, wall), rig_row(row[2:])
