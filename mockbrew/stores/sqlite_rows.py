"""Rows in and out of one SQLite connection: what a reader remembers, and what the one writer does."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeVar

from mockbrew.clock import Clock
from mockbrew.errors import StoreFileError
from mockbrew.stores import validity
from mockbrew.stores.base import CellRow, Event, Loaded, RigRow
from mockbrew.stores.sqlite_file import COUNTERS, ERRORS, Opened, counters, explained

REMEMBERED = 1_024  # looks that a connection remembers: some 3 MB with cells of 2 KB

# One statement is one consistent look. Long bodies come only where the stamp says that they are not known yet.
LOOK = """
SELECT rig.stamp, cell.stamp, cell.revision, cell.resets, cell.at, CASE WHEN cell.stamp IS ?3 THEN NULL ELSE cell.body END,
    ahead.stamp, ahead.revision, ahead.resets, ahead.at, CASE WHEN ahead.stamp IS ?4 THEN NULL ELSE ahead.body END,
    rig.name, rig.run, rig.spec, rig.base, rig.wall_base, rig.numerator, rig.denominator, rig.seed, rig.resets, rig.reset_at, rig.last_at,
    rig.events
FROM rig
LEFT JOIN cell ON cell.rig = rig.name AND cell.run = rig.run AND cell.cell = ?2
LEFT JOIN ahead ON ahead.rig = rig.name AND ahead.run = rig.run AND ahead.cell = ?2
WHERE rig.name = ?1"""
GET_RIG = """
SELECT name, run, spec, base, wall_base, numerator, denominator, seed, resets, reset_at, last_at, events FROM rig WHERE name = ?"""
PUT_RIG = """
INSERT INTO rig VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET stamp = excluded.stamp, run = excluded.run, spec = excluded.spec, base = excluded.base,
    wall_base = excluded.wall_base, numerator = excluded.numerator, denominator = excluded.denominator, seed = excluded.seed,
    resets = excluded.resets, reset_at = excluded.reset_at, last_at = excluded.last_at, events = excluded.events"""
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
LOG = """
SELECT number, cell, at, wall, device, verb, arguments, base, spec FROM event WHERE rig = ? AND run = ? AND cell = ? ORDER BY number"""
OLDEST_KEPT = "SELECT number FROM event WHERE rig = ? AND run = ? AND cell = ? ORDER BY number DESC LIMIT 1 OFFSET ?"
LAST_BASE = """
SELECT number FROM event WHERE rig = ? AND run = ? AND cell = ? AND number <= ? AND base IS NOT NULL ORDER BY number DESC LIMIT 1"""
DROP_EVENTS = "DELETE FROM event WHERE rig = ? AND run = ? AND cell = ? AND number < ?"
GET_SPEC = "SELECT document FROM spec WHERE digest = ?"
PUT_SPEC = "INSERT OR IGNORE INTO spec VALUES (?, ?)"
PUT_COUNTERS = "UPDATE store SET stamp = ?, runs = ?, wall = ?"

Row = tuple[Any, ...]
Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class Known:
    """A cell as it was read last: the stamps and the rows of rig, cell and checkpoint, and in which generation of the file."""

    generation: int
    stamps: tuple[int | None, int | None, int | None]
    rows: tuple[RigRow | None, CellRow | None, CellRow | None]
    loaded: Loaded | None


NOTHING = Known(-1, (None, None, None), (None, None, None), None)


class Reader:
    """The looks that one connection remembers. What nobody wrote to since costs one question, and is the same object again."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._version = -1  # `PRAGMA data_version`: moves whenever another connection has committed
        self._generation = 0  # moves with it, and with this connection's own commits
        self._known: dict[tuple[str, str], Known] = {}

    def load(self, rig: str, cell: str) -> Loaded | None:
        # The version before the rows: rows newer than their version are only read once too often.
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._version, self._generation = version, self._generation + 1
        known = self._known.get((rig, cell), NOTHING)
        if known.generation != self._generation:
            known = self._look(rig, cell, known)
        return known.loaded

    def own_commit(self) -> None:
        """`data_version` says nothing about the commits of its own connection."""
        self._generation += 1

    def _look(self, rig: str, cell: str, old: Known) -> Known:
        row = self._connection.execute(LOOK, (rig, cell, old.stamps[1], old.stamps[2])).fetchone()
        known = _decoded(self._generation, row, old) if row is not None else replace(NOTHING, generation=self._generation)
        self._known.pop((rig, cell), None)
        if len(self._known) >= REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[rig, cell] = known
        return known


class SqliteTransaction:
    """The one writer. A statement that failed ends it: nothing after it is done, and nothing before it stays."""

    def __init__(self, opened: Opened) -> None:
        self._path, self._connection, self._pid = opened.path, opened.connection, os.getpid()
        self._over = self._changed = False
        self._failed: StoreFileError | None = None
        self._stamp = self._runs = self._wall = 0

    def begin(self) -> None:
        self._rows("BEGIN IMMEDIATE")
        ((stamp, self._runs, self._wall),) = self._shaped(counters, COUNTERS)
        self._stamp = stamp + 1

    def rig(self, name: str) -> RigRow | None:
        for row in self._shaped(_rig, GET_RIG, (name,)):
            return row
        return None

    def put_rig(self, rig: RigRow) -> None:
        self._saw(rig.clock.wall_base)
        clock = (rig.clock.base, rig.clock.wall_base, str(rig.clock.rate.numerator), str(rig.clock.rate.denominator))
        plain = (str(rig.seed), rig.resets, rig.reset_at, rig.last_at, rig.events)
        self._rows(PUT_RIG, (rig.name, self._stamp, rig.run, rig.spec, *clock, *plain))

    def new_run(self) -> int:
        self._saw(self._wall)
        self._runs += 1
        return self._runs

    def cell(self, rig: RigRow, cell: str) -> CellRow | None:
        return self._cell(GET_CELL, rig, cell)

    def cells(self, rig: RigRow) -> Iterator[tuple[str, CellRow]]:
        return iter([(cell, CellRow(*rest)) for cell, *rest in self._rows(GET_CELLS, (rig.name, rig.run))])

    def put_cell(self, rig: RigRow, cell: str, row: CellRow) -> None:
        self._put(PUT_CELL, rig, cell, row)
        self._rows(DROP_AHEAD, (rig.name, rig.run, cell))

    def drop_cells(self, rig: RigRow) -> None:
        self._saw(self._wall)
        self._rows(DROP_CELLS, (rig.name, rig.run))
        self._rows(DROP_AHEADS, (rig.name, rig.run))

    def append(self, rig: RigRow, event: Event) -> None:
        self._saw(event.wall)
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
        if self._changed:
            self._rows(PUT_COUNTERS, (self._stamp, self._runs, self._wall))
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
        self._saw(self._wall)
        self._rows(statement, (rig.name, rig.run, cell, self._stamp, row.revision, row.resets, row.at, row.body))

    def _saw(self, wall: int) -> None:
        self._changed, self._wall = True, max(self._wall, wall)

    def _rows(self, statement: str, values: Row = ()) -> list[Row]:
        return self._shaped(tuple, statement, values)

    def _shaped(self, shape: Callable[[Row], Shape], statement: str, values: Row = ()) -> list[Shape]:
        if self._over or os.getpid() != self._pid:
            raise RuntimeError("the transaction is over")
        if self._failed is not None:  # SQLite may have undone it already: the statement would stand for itself
            raise self._failed
        try:
            return [shape(row) for row in self._connection.execute(statement, values).fetchall()]
        except sqlite3.IntegrityError:
            raise
        except ERRORS as error:
            self._failed = explained(self._path, error)
            raise self._failed from error


def read_log(connection: sqlite3.Connection, rig: RigRow, cell: str) -> list[Event]:
    """The events of a cell, oldest first, in one look: a log that is trimmed meanwhile has no gap."""
    return [Event(*row) for row in connection.execute(LOG, (rig.name, rig.run, cell))]


def _decoded(generation: int, row: Row, old: Known) -> Known:
    stamps = row[0], row[1], row[6]
    rig = old.rows[0] if stamps[0] == old.stamps[0] and old.rows[0] is not None else _rig(row[11:])
    cell = old.rows[1] if stamps[1] == old.stamps[1] else CellRow(*row[2:6])
    ahead = old.rows[2] if stamps[2] == old.stamps[2] else CellRow(*row[7:11])
    return Known(generation, stamps, (rig, cell, ahead), validity.loaded(rig, cell, ahead))


def _rig(row: Row) -> RigRow:
    name, run, spec, base, wall_base, numerator, denominator, seed, *rest = row
    try:
        rate, number = Fraction(int(numerator), int(denominator)), int(seed)
    except (TypeError, ValueError, ZeroDivisionError) as error:
        raise sqlite3.DatabaseError(f"malformed row of rig {name!r}: {error}") from error
    return RigRow(name, run, spec, Clock(base, wall_base, rate), number, *rest)
