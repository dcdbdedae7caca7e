"""What one SQLite connection reads and remembers, so that what nobody has written to is neither read nor decoded again."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from mockbrew.clock import Clock
from mockbrew.stores import validity
from mockbrew.stores.base import CellRow, Entry, Event, Loaded, RigRow

REMEMBERED = 1_024  # looks that a connection remembers: some 3 MB with cells of 2 KB

RIG = """name, run, spec, base, wall_base, numerator, denominator, seed, resets, reset_at, last_at, events,
    born, used, entries, faults, recording, changing"""  # in the order of RigRow
# One statement is one consistent look. Long bodies come only where the stamp says that they are not known yet.
LOOK = """
SELECT rig.stamp, cell.stamp, cell.revision, cell.resets, cell.at, CASE WHEN rig.run = ? AND cell.stamp = ? THEN NULL ELSE cell.body END,
    ahead.stamp, ahead.revision, ahead.resets, ahead.at, CASE WHEN rig.run = ? AND ahead.stamp = ? THEN NULL ELSE ahead.body END,
    rig.name, rig.run, rig.spec, rig.base, rig.wall_base, rig.numerator, rig.denominator, rig.seed, rig.resets, rig.reset_at, rig.last_at,
    rig.events, rig.born, rig.used, rig.entries, rig.faults, rig.recording, rig.changing
FROM rig
LEFT JOIN cell ON cell.rig = rig.name AND cell.run = rig.run AND cell.cell = ?
LEFT JOIN ahead ON ahead.rig = rig.name AND ahead.run = rig.run AND ahead.cell = ?
WHERE rig.name = ?"""
LOG = """
SELECT number, cell, at, wall, device, verb, arguments, base, spec, verdict FROM event
WHERE rig = ? AND run = ? AND cell = ? AND number >= ? ORDER BY number"""
RIGS = f"SELECT {RIG} FROM rig ORDER BY name"  # noqa: S608  # columns of ours
CELLS = "SELECT cell, revision, resets, at, body FROM cell WHERE rig = ? AND run = ? AND resets = ? ORDER BY cell"
NOTES = "SELECT name, text FROM note WHERE rig = ? AND born = ? AND sort = ? ORDER BY name"
JOURNAL = "SELECT number, run, at, wall, body FROM journal WHERE rig = ? AND born = ? AND number > ? ORDER BY number LIMIT ?"

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A cell as it was read last, and in which generation of the file.

    stamps: of the rig's row, the cell's and the checkpoint's. A row of the same run and the same stamp is the same row.
    """

    generation: int
    run: int | None
    stamps: tuple[int | None, int | None, int | None]
    rows: tuple[RigRow | None, CellRow | None, CellRow | None]
    loaded: Loaded | None


NOTHING = Known(-1, None, (None, None, None), (None, None, None), None)


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
        row = self._connection.execute(LOOK, (old.run, old.stamps[1], old.run, old.stamps[2], cell, cell, rig)).fetchone()
        known = _decoded(self._generation, row, old) if row is not None else replace(NOTHING, generation=self._generation)
        self._known.pop((rig, cell), None)
        if len(self._known) >= REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[rig, cell] = known
        return known


def read_log(connection: sqlite3.Connection, rig: RigRow, cell: str, first: int) -> list[Event]:
    """The events of a cell from number `first` on, oldest first, in one look: a log that is trimmed meanwhile has no gap."""
    return [Event(*row) for row in connection.execute(LOG, (rig.name, rig.run, cell, first))]


def read_rigs(connection: sqlite3.Connection) -> list[RigRow]:
    """All of them, by name."""
    return [rig_row(row) for row in connection.execute(RIGS)]


def read_cells(connection: sqlite3.Connection, rig: RigRow) -> list[tuple[str, CellRow]]:
    """The rows of the rig's run and reset, by the cells' names."""
    return [(cell, CellRow(*rest)) for cell, *rest in connection.execute(CELLS, (rig.name, rig.run, rig.resets))]


def read_notes(connection: sqlite3.Connection, rig: RigRow, sort: str) -> dict[str, str]:
    """The notes of a sort, by name."""
    return dict(connection.execute(NOTES, (rig.name, rig.born, sort)).fetchall())


def read_journal(connection: sqlite3.Connection, rig: RigRow, after: int, most: int) -> list[Entry]:
    """A page of the journal: by the key, so that it costs what it holds and no more."""
    return [Entry(*row) for row in connection.execute(JOURNAL, (rig.name, rig.born, after, max(most, 0)))]


def rig_row(row: Row) -> RigRow:
    """From the columns of a rig, in the order of RigRow."""
    name, run, spec, base, wall_base, numerator, denominator, seed, *rest = row
    try:
        rate, number = Fraction(int(numerator), int(denominator)), int(seed)
    except (TypeError, ValueError, ZeroDivisionError) as error:
        raise sqlite3.DatabaseError(f"malformed row of rig {name!r}: {error}") from error
    return RigRow(name, run, spec, Clock(base, wall_base, rate), number, *rest)


def _decoded(generation: int, row: Row, before: Known) -> Known:
    run, stamps = row[12], (row[0], row[1], row[6])
    old = before if before.run == run else NOTHING
    rig = old.rows[0] if old.rows[0] is not None and stamps[0] == old.stamps[0] else rig_row(row[11:])
    cell = old.rows[1] if stamps[1] == old.stamps[1] else CellRow(*row[2:6])
    ahead = old.rows[2] if stamps[2] == old.stamps[2] else CellRow(*row[7:11])
    return Known(generation, run, stamps, (rig, cell, ahead), validity.loaded(rig, cell, ahead))
