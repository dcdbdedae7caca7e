"""The rows that the one writer of an SQLite file reads and writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mockbrew.stores import sqlite_garbage, validity
from mockbrew.stores.base import CellRow, Entry, Event, Loaded, RigRow
from mockbrew.stores.sqlite_file import whole
from mockbrew.stores.sqlite_reader import NOTES, RIG, RIGS, rig_row
from mockbrew.stores.sqlite_writer import Row, Writer

GET_RIG = f"SELECT stamp, wall, {RIG} FROM rig WHERE name = ?"  # noqa: S608  # columns of ours
PUT_RIG = """
INSERT INTO rig VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET stamp = excluded.stamp, wall = excluded.wall, run = excluded.run, spec = excluded.spec,
    base = excluded.base, wall_base = excluded.wall_base, numerator = excluded.numerator, denominator = excluded.denominator,
    seed = excluded.seed, resets = excluded.resets, reset_at = excluded.reset_at, last_at = excluded.last_at, events = excluded.events,
    born = excluded.born, used = excluded.used, entries = excluded.entries, faults = excluded.faults, recording = excluded.recording,
    changing = excluded.changing"""
MARK_RIG = "UPDATE rig SET stamp = ?, wall = ? WHERE name = ?"
DROP_RIG = "DELETE FROM rig WHERE name = ?"
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
APPEND = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
OLDEST_KEPT = "SELECT number FROM event WHERE rig = ? AND run = ? AND cell = ? ORDER BY number DESC LIMIT 1 OFFSET ?"
LAST_BASE = """
SELECT number FROM event WHERE rig = ? AND run = ? AND cell = ? AND number <= ? AND base IS NOT NULL ORDER BY number DESC LIMIT 1"""
DROP_EVENTS = "DELETE FROM event WHERE rig = ? AND run = ? AND cell = ? AND number < ?"
GET_NOTE = "SELECT text FROM note WHERE rig = ? AND born = ? AND sort = ? AND name = ?"
PUT_NOTE = """
INSERT INTO note VALUES (?, ?, ?, ?, ?) ON CONFLICT (rig, born, sort, name) DO UPDATE SET text = excluded.text"""
DROP_NOTE = "DELETE FROM note WHERE rig = ? AND born = ? AND sort = ? AND name = ?"
RECORD = "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)"
FORGET = "DELETE FROM journal WHERE rig = ? AND born = ? AND number < ?"
GET_SPEC = "SELECT document FROM spec WHERE digest = ?"
PUT_SPEC = "INSERT OR IGNORE INTO spec VALUES (?, ?)"
GET_RUNS = "SELECT max(runs) FROM store"
PUT_RUNS = "UPDATE store SET runs = ?"


@dataclass(slots=True)
class Mark:
    """What a transaction leaves on a rig: the stamp of every row it writes, and the latest wall that any event or clock refers to.

    stands: the run and the life that the rig is in, if there is one; met: all in which something was found or written. noted: whether
    the rig's row says so, or need not, because nothing was written.
    """

    stamp: int
    wall: int
    stands: tuple[int, int] | None
    met: set[tuple[int, int]] = field(default_factory=set)
    noted: bool = True


class SqliteTransaction:
    """The one writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._marks: dict[str, Mark] = {}

    def rig(self, name: str) -> RigRow | None:
        for (stamp, wall), row in self._writer.shaped(_mark_and_rig, GET_RIG, (name,)):
            if name not in self._marks:
                self._marks[name] = Mark(stamp + 1, wall, (row.run, row.born), {(row.run, row.born)})
            return row
        return None

    def rigs(self) -> Iterator[RigRow]:
        return iter(self._writer.shaped(rig_row, RIGS))

    def put_rig(self, rig: RigRow) -> None:
        mark = self._marked(rig, max(rig.clock.wall_base, rig.used))
        clock = (rig.clock.base, rig.clock.wall_base, str(rig.clock.rate.numerator), str(rig.clock.rate.denominator))
        plain = (str(rig.seed), rig.resets, rig.reset_at, rig.last_at, rig.events)
        added = (rig.born, rig.used, rig.entries, rig.faults, rig.recording, rig.changing)
        self._writer.rows(PUT_RIG, (rig.name, mark.stamp, mark.wall, rig.run, rig.spec, *clock, *plain, *added))
        mark.stands, mark.noted = (rig.run, rig.born), True

    def drop_rig(self, rig: RigRow) -> None:
        self._marked(rig).stands = None
        self._writer.rows(DROP_RIG, (rig.name,))

    def sweep(self, most: int) -> int:
        self._leave_garbage()
        return sqlite_garbage.sweep(self._writer, most)

    def new_run(self) -> int:
        ((runs,),) = self._writer.shaped(whole, GET_RUNS)
        self._writer.rows(PUT_RUNS, (runs + 1,))
        return runs + 1

    def cell(self, rig: RigRow, cell: str) -> CellRow | None:
        return self._cell(GET_CELL, rig, cell)

    def cells(self, rig: RigRow) -> Iterator[tuple[str, CellRow]]:
        return iter([(cell, CellRow(*rest)) for cell, *rest in self._writer.rows(GET_CELLS, (rig.name, rig.run))])

    def put_cell(self, rig: RigRow, cell: str, row: CellRow) -> None:
        self._put(PUT_CELL, rig, cell, row)
        self._writer.rows(DROP_AHEAD, (rig.name, rig.run, cell))

    def drop_cells(self, rig: RigRow) -> None:
        self._marked(rig)
        self._writer.rows(DROP_CELLS, (rig.name, rig.run))
        self._writer.rows(DROP_AHEADS, (rig.name, rig.run))

    def append(self, rig: RigRow, event: Event) -> None:
        self._marked(rig, event.wall)
        values = (event.at, event.wall, event.device, event.verb, event.arguments, event.base, event.spec, event.verdict)
        try:
            self._writer.rows(APPEND, (rig.name, rig.run, event.cell, event.number, *values))
        except sqlite3.IntegrityError as error:
            raise ValueError(f"event {event.number} of cell {event.cell!r} is in the log already") from error

    def trim(self, rig: RigRow, cell: str, keep: int) -> None:
        log = (rig.name, rig.run, cell)
        for (oldest,) in self._writer.rows(OLDEST_KEPT, (*log, max(keep, 1) - 1)):
            for (base,) in self._writer.rows(LAST_BASE, (*log, oldest)):
                self._writer.rows(DROP_EVENTS, (*log, base))

    def note(self, rig: RigRow, sort: str, name: str) -> str | None:
        return self._text(GET_NOTE, (rig.name, rig.born, sort, name))

    def notes(self, rig: RigRow, sort: str) -> Mapping[str, str]:
        return dict(self._writer.rows(NOTES, (rig.name, rig.born, sort)))

    def put_note(self, rig: RigRow, sort: str, name: str, text: str | None) -> None:
        self._met(rig)
        key = (rig.name, rig.born, sort, name)
        self._writer.rows(*((DROP_NOTE, key) if text is None else (PUT_NOTE, (*key, text))))

    def record(self, rig: RigRow, entry: Entry) -> None:
        self._marked(rig, entry.wall)
        try:
            self._writer.rows(RECORD, (rig.name, rig.born, entry.number, entry.run, entry.at, entry.wall, entry.body))
        except sqlite3.IntegrityError as error:
            raise ValueError(f"entry {entry.number} is in the journal already") from error

    def forget(self, rig: RigRow, before: int) -> None:
        self._writer.rows(FORGET, (rig.name, rig.born, before))

    def put_spec(self, digest: str, document: str) -> None:
        self._writer.rows(PUT_SPEC, (digest, document))

    def spec(self, digest: str) -> str | None:
        return self._text(GET_SPEC, (digest,))

    # -- for the store -------------------------------------------------------------------------------------------

    def loaded(self, rig: str, cell: str) -> Loaded | None:
        row = self.rig(rig)
        return validity.loaded(row, self.cell(row, cell), self._cell(GET_AHEAD, row, cell)) if row is not None else None

    def put_ahead(self, rig: RigRow, cell: str, row: CellRow) -> None:
        self._put(PUT_AHEAD, rig, cell, row)

    def commit(self) -> None:
        for name, mark in self._marks.items():
            if not mark.noted:
                self._writer.rows(MARK_RIG, (mark.stamp, mark.wall, name))
        self._leave_garbage()
        self._writer.commit()

    def _cell(self, statement: str, rig: RigRow, cell: str) -> CellRow | None:
        for row in self._writer.rows(statement, (rig.name, rig.run, cell)):
            return CellRow(*row)
        return None

    def _text(self, statement: str, values: Row) -> str | None:
        for (text,) in self._writer.rows(statement, values):
            return str(text)
        return None

    def _put(self, statement: str, rig: RigRow, cell: str, row: CellRow) -> None:
        stamp = self._marked(rig).stamp
        self._writer.rows(statement, (rig.name, rig.run, cell, stamp, row.revision, row.resets, row.at, row.body))

    def _marked(self, rig: RigRow, wall: int = 0) -> Mark:
        mark = self._met(rig)
        mark.wall, mark.noted = max(mark.wall, wall), False
        return mark

    def _met(self, rig: RigRow) -> Mark:
        if rig.name not in self._marks and self.rig(rig.name) is None:
            self._marks[rig.name] = Mark(1, 0, None)
        mark = self._marks[rig.name]
        mark.met.add((rig.run, rig.born))
        return mark

    def _leave_garbage(self) -> None:
        for name, mark in self._marks.items():
            left = mark.met - {mark.stands}
            mark.met -= left
            for run, born in left:
                sqlite_garbage.leave(self._writer, name, run, born)


def _mark_and_rig(row: Row) -> tuple[tuple[int, ...], RigRow]:
    return whole(row[:2]), rig_row(row[2:])
