"""The rows that the one writer of an SQLite file reads and writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence

from mockbrew.stores import sqlite_garbage
from mockbrew.stores.base import CellRow, Entry, Event, Loaded, RigRow
from mockbrew.stores.sqlite_counters import slot
from mockbrew.stores.sqlite_file import whole
from mockbrew.stores.sqlite_mark import Mark, begun
from mockbrew.stores.sqlite_reader import NOTES, RIG, RIGS, Known, KnownRig, Reader, columns, rig_row
from mockbrew.stores.sqlite_writer import Row, Writer

NEW_RIG = "INSERT INTO rig VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
PUT_RIG = """
UPDATE rig SET stamp = ?, wall = ?, run = ?, spec = ?, base = ?, wall_base = ?, numerator = ?, denominator = ?, seed = ?, resets = ?,
    reset_at = ?, last_at = ?, events = ?, born = ?, used = ?, entries = ?, faults = ?, recording = ?, changing = ? WHERE name = ?"""
MARK_RIG = "UPDATE rig SET stamp = ?, wall = ? WHERE name = ?"
COUNT = "SELECT count(*) FROM rig"
COUNT_SINCE = "SELECT count(*) FROM rig WHERE used >= ?"
LEAST_USED = f"SELECT {RIG} FROM rig ORDER BY used, name LIMIT ?"  # noqa: S608  # columns of ours
DROP_RIG = "DELETE FROM rig WHERE name = ?"
GET_CELLS = "SELECT cell, revision, resets, at, body FROM cell WHERE rig = ? AND run = ? ORDER BY cell"
GET_CELL = "SELECT revision, resets, at, body FROM cell WHERE rig = ? AND run = ? AND cell = ?"
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


class SqliteTransaction:
    """The one writer."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer, self._reader = writer, reader
        self._marks: dict[str, Mark] = {}
        self._asked = False

    def begin(self) -> None:
        self._writer.do("BEGIN IMMEDIATE")

    def rig(self, name: str) -> RigRow | None:
        self._writer.refuse_over()
        return self._mark(name).row

    def rigs(self) -> Iterator[RigRow]:
        return iter(self._writer.asked(lambda: [rig_row(row) for row in self._writer.rows(RIGS)]))

    def count(self, since: int | None = None) -> int:
        ((count,),) = self._writer.rows(*((COUNT, ()) if since is None else (COUNT_SINCE, (since,))))
        return int(count)

    def least_used(self, most: int) -> Sequence[RigRow]:
        return self._writer.asked(lambda: [rig_row(row) for row in self._writer.rows(LEAST_USED, (most,))])

    def put_rig(self, rig: RigRow) -> None:
        mark = self._marked(rig, max(rig.clock.wall_base, rig.used))
        values = (mark.stamp, mark.wall, *columns(rig))
        if mark.row is None:
            self._writer.do(NEW_RIG, (rig.name, *values))
        else:
            self._writer.do(PUT_RIG, (*values, rig.name))
        if mark.row is None or mark.row.run != rig.run:
            mark.cells.clear()
        mark.row, mark.noted = rig, True

    def drop_rig(self, rig: RigRow) -> None:
        mark = self._marked(rig)
        self._writer.do(DROP_RIG, (rig.name,))
        mark.row, mark.noted = None, True

    def sweep(self, most: int) -> int:
        self._leave_garbage()
        return sqlite_garbage.sweep(self._writer, most)

    def new_run(self) -> int:
        (runs,) = self._writer.asked(lambda: whole(*self._writer.rows(GET_RUNS)))
        self._writer.do(PUT_RUNS, (runs + 1,))
        return runs + 1

    def cell(self, rig: RigRow, cell: str) -> CellRow | None:
        mark = self._mark(rig.name)
        if mark.row is None or mark.row.run != rig.run:
            return self._cell(GET_CELL, rig, cell)
        if cell in mark.cells:
            return mark.cells[cell]
        return self._cell(GET_CELL, rig, cell) if mark.written else self._known(rig.name, cell).rows[0]

    def cells(self, rig: RigRow) -> Iterator[tuple[str, CellRow]]:
        return iter([(cell, CellRow(*rest)) for cell, *rest in self._writer.rows(GET_CELLS, (rig.name, rig.run))])

    def put_cell(self, rig: RigRow, cell: str, row: CellRow) -> None:
        alone = self._is_alone(rig, cell)
        mark = self._put(PUT_CELL, rig, cell, row)
        if not alone:
            self._writer.do(DROP_AHEAD, (rig.name, rig.run, cell))
        if mark.row is not None and mark.row.run == rig.run:
            mark.cells[cell] = row

    def drop_cells(self, rig: RigRow) -> None:
        self._marked(rig).cells.clear()
        self._writer.do(DROP_CELLS, (rig.name, rig.run))
        self._writer.do(DROP_AHEADS, (rig.name, rig.run))

    def append(self, rig: RigRow, event: Event) -> None:
        self._marked(rig, event.wall)
        values = (event.at, event.wall, event.device, event.verb, event.arguments, event.base, event.spec, event.testimony)
        try:
            self._writer.do(APPEND, (rig.name, rig.run, event.cell, event.number, *values))
        except sqlite3.IntegrityError as error:
            raise ValueError(f"event {event.number} of cell {event.cell!r} is in the log already") from error

    def trim(self, rig: RigRow, cell: str, keep: int) -> None:
        log = (rig.name, rig.run, cell)
        for (oldest,) in self._writer.rows(OLDEST_KEPT, (*log, max(keep, 1) - 1)):
            for (base,) in self._writer.rows(LAST_BASE, (*log, oldest)):
                self._writer.do(DROP_EVENTS, (*log, base))

    def note(self, rig: RigRow, sort: str, name: str) -> str | None:
        return self._text(GET_NOTE, (rig.name, rig.born, sort, name))

    def notes(self, rig: RigRow, sort: str) -> Mapping[str, str]:
        return dict(self._writer.rows(NOTES, (rig.name, rig.born, sort)))

    def put_note(self, rig: RigRow, sort: str, name: str, text: str | None) -> None:
        self._mark(rig.name).met.add((rig.run, rig.born))
        key = (rig.name, rig.born, sort, name)
        self._writer.do(*((DROP_NOTE, key) if text is None else (PUT_NOTE, (*key, text))))

    def record(self, rig: RigRow, entry: Entry) -> None:
        self._marked(rig, entry.wall)
        try:
            self._writer.do(RECORD, (rig.name, rig.born, entry.number, entry.run, entry.at, entry.wall, entry.body))
        except sqlite3.IntegrityError as error:
            raise ValueError(f"entry {entry.number} is in the journal already") from error

    def forget(self, rig: RigRow, before: int) -> None:
        self._writer.do(FORGET, (rig.name, rig.born, before))

    def put_spec(self, digest: str, document: str) -> None:
        self._writer.do(PUT_SPEC, (digest, document))

    def spec(self, digest: str) -> str | None:
        return self._text(GET_SPEC, (digest,))

    # -- for the store -------------------------------------------------------------------------------------------

    def loaded(self, rig: str, cell: str) -> Loaded | None:
        return self._known(rig, cell).loaded

    def put_ahead(self, rig: RigRow, cell: str, row: CellRow) -> None:
        mark = self._put(PUT_AHEAD, rig, cell, row)
        mark.cells.pop(cell, None)
        mark.ahead = True

    def commit(self) -> None:
        self._writer.refuse_over()  # for a process that was forked inside: the counters are its parent's to move
        for name, mark in self._marks.items():
            if not mark.noted:
                self._writer.do(MARK_RIG, (mark.stamp, mark.wall, name))
        self._leave_garbage()
        written = {name: mark for name, mark in self._marks.items() if mark.written}
        for name in written:  # before: it may fail, and whoever ends a thread may do it right after it
            self._reader.lose(name)
        self._commit({slot(name) for name in written})
        for name, mark in written.items():
            if mark.row is not None:
                self._reader.wrote(name, KnownRig(mark.stamp, mark.wall, mark.row), mark.cells)

    def _commit(self, places: Collection[int]) -> None:
        counters = self._reader.counters
        if counters is None:
            self._writer.commit()
            return
        counters.leave(places)
        try:
            self._writer.commit()
        finally:
            counters.arrive(places)

    def _is_alone(self, rig: RigRow, cell: str) -> bool:
        """Whether a cell is known to have no checkpoint: most never have one."""
        mark, known = self._mark(rig.name), self._reader.peek(rig.name, cell)
        if known is None or known.rig is None or mark.ahead:
            return False
        return known.rig.row.run == rig.run and known.stamps[1] is None

    def _known(self, rig: str, cell: str) -> Known:
        return self._writer.asked(lambda: self._reader_now().known(rig, cell))

    def _reader_now(self) -> Reader:
        """Nobody else writes any more: what is known of the version of now is so until the end."""
        if not self._asked:
            self._reader.ask()
            self._asked = True
        return self._reader

    def _cell(self, statement: str, rig: RigRow, cell: str) -> CellRow | None:
        for row in self._writer.rows(statement, (rig.name, rig.run, cell)):
            return CellRow(*row)
        return None

    def _text(self, statement: str, values: Row) -> str | None:
        for (text,) in self._writer.rows(statement, values):
            return str(text)
        return None

    def _put(self, statement: str, rig: RigRow, cell: str, row: CellRow) -> Mark:
        mark = self._marked(rig)
        self._writer.do(statement, (rig.name, rig.run, cell, mark.stamp, row.revision, row.resets, row.at, row.body))
        return mark

    def _marked(self, rig: RigRow, wall: int = 0) -> Mark:
        """The mark of a rig that is about to be written to."""
        mark = self._mark(rig.name)
        mark.met.add((rig.run, rig.born))
        mark.wall, mark.written, mark.noted = max(mark.wall, wall), True, False
        return mark

    def _mark(self, name: str) -> Mark:
        mark = self._marks.get(name)
        if mark is None:
            mark = self._marks[name] = begun(self._writer.asked(lambda: self._reader_now().rig(name)))
        return mark

    def _leave_garbage(self) -> None:
        for name, mark in self._marks.items():
            for run, born in list(mark.met):
                if mark.row is None or (run, born) != (mark.row.run, mark.row.born):
                    mark.met.remove((run, born))
                    sqlite_garbage.leave(self._writer, name, run, born)
